import type { Hop, Route } from '../../audit/routes/types.ts';
import { bold, dim, green, red, terminalText } from './terminal.ts';

/** Routes for people: a line each, and below it a line for each hop with its dead-letter queue, retries, archives and alarms. */
export function routesTable(routes: readonly Route[]): string {
  const width = Math.max(...routes.flatMap(({ hops }) => hops.map(({ name }) => safe(name).length)), 0);
  const broken = routes.filter((route) => route.broken.length > 0).length;
  const blocks = routes.map((route) => [
    headline(route),
    ...route.hops.map((hop) => hopLine(hop, width)),
    ...reasons(route),
  ]);
  return [...blocks.map((lines) => lines.join('\n')), summary(routes.length, broken)].join('\n\n');
}

const safe = (text: string): string => terminalText(text).replaceAll('\n', '\\n');

function headline({ repository, branch, pipeline, broken }: Route): string {
  const to = pipeline === undefined ? red('nowhere') : bold(safe(pipeline));
  return `${broken.length > 0 ? red('broken') : green('works ')}  ${bold(safe(repository))} ${bold(safe(branch))} → ${to}`;
}

function hopLine(hop: Hop, width: number): string {
  const notes = [
    ...(hop.deadLetters === undefined ? withoutQueue(hop) : [`dead letters ${lastPart(hop.deadLetters)}`]),
    ...(hop.retry ? [`${hop.retry.attempts} retries in ${hop.retry.ageSeconds / 3600} h`] : []),
    ...(hop.archives.length > 0 ? [`archive ${hop.archives.map(safe).join(', ')}`] : []),
    ...(hop.kind === 'bus' || hop.kind === 'pipeline' ? [] : [alarmed(hop.alarms.length)]),
  ];
  const mark = hop.missing.length > 0 ? red('✗') : ' ';
  return ` ${mark} ${hop.kind.padEnd(8)}  ${safe(hop.name).padEnd(width)}  ${hop.account}  ${dim(notes.join(' · '))}`;
}

const withoutQueue = ({ kind }: Hop): readonly string[] =>
  kind === 'rule' || kind === 'function' ? ['no dead letters'] : [];

const lastPart = (arn: string): string => safe(arn.split(':').at(-1) ?? arn);

const alarmed = (count: number): string => (count === 0 ? 'no alarm' : count === 1 ? '1 alarm' : `${count} alarms`);

const reasons = ({ broken }: Route): readonly string[] =>
  broken.map((reason) => `   ${red(terminalText(reason, 600).replaceAll('\n', '\\n'))}`);

function summary(count: number, broken: number): string {
  const many = count === 1 ? '1 route' : `${count} routes`;
  return broken === 0 ? `${many}, all whole` : red(`${many}, ${broken} broken`);
}
