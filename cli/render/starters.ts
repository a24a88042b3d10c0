import type { Step } from '../../audit/proof/backwards.ts';
import type { Starters } from '../../audit/proof/who-can-start.ts';
import { bold, dim, green, red, terminalText } from './terminal.ts';

/** Who can start a pipeline, for people: a line for each step, indented under what it brings about. */
export function startersText({ pipeline, account, starters, changers, administrators }: Starters): string {
  const changes = changers.map(
    ({ who, actions, on, by }) =>
      `  ${red(safe(who))} may ${safe(actions.join(', '))} on ${safe(on)}\n${dim(`    by ${safe(by.join(' and '), 600)}`)}`,
  );
  return [
    `${bold(safe(pipeline))} of account ${safe(account)} can be started by`,
    ...(starters.length === 0 ? [green('  nobody')] : stepLines(starters)),
    '',
    'Who could change that',
    ...(changes.length === 0 ? [green('  no role of these templates')] : changes),
    `  the administrators of ${administrators.map((each) => safe(each)).join(', ')}, and whoever deploys their stacks`,
  ].join('\n');
}

const stepLines = (steps: readonly Step[]): readonly string[] => {
  const told = new Set<string>();
  return steps.flatMap((step) => lines(step, 1, told));
};

const safe = (text: string, longest?: number): string => terminalText(text, longest).replaceAll('\n', '\\n');

/** What a step says below itself, told once: the second time it says so. */
function lines(step: Step, depth: number, told: Set<string>): readonly string[] {
  const indent = '  '.repeat(depth);
  const { who, kind, can, by, event, origin, through } = step;
  const key = through.length === 0 ? undefined : JSON.stringify([who, through]);
  const known = key !== undefined && told.has(key);
  if (key !== undefined) told.add(key);
  return [
    `${indent}${depth === 1 ? '' : '← '}${origin ? bold(safe(who)) : safe(who)} ${safe(can)}${known ? ', as above' : ''}`,
    ...(by.length === 0 ? [] : [dim(`${indent}   by ${safe(by.join(' and '), 600)}`)]),
    ...(event === undefined || (kind !== 'event' && !origin)
      ? []
      : [dim(`${indent}   as ${safe(essence(event), 400)}`)]),
    ...(known ? [] : through.flatMap((each) => lines(each, depth + 1, told))),
  ];
}

/** An event without what every event has. */
function essence(event: string): string {
  const { version: _, id: __, time: ___, region: ____, ...rest } = JSON.parse(event) as Record<string, unknown>;
  return JSON.stringify(rest);
}
