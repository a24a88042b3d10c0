import type { Assembly } from '../../assembly/types.ts';
import { listIn, objectIn, textIn } from '../cloud/values.ts';
import { Guards } from '../routes/guards.ts';
import type { Route } from '../routes/types.ts';
import type { Step } from './backwards.ts';
import { Templates } from './templates.ts';
import { whoCanStart } from './who-can-start.ts';

/** One thing that is otherwise after a change. */
export interface Change {
  /** What it is about: a route, a pipeline, a rule. */
  readonly about: string;
  /** How it was; undefined when it is new. */
  readonly before?: string;
  /** How it is; undefined when it is gone. */
  readonly after?: string;
}

/** What a change of templates does. */
export interface Difference {
  readonly routes: readonly Change[];
  /** By pipeline: who can start it, and who could change that. */
  readonly starters: readonly Change[];
  readonly deadLetters: readonly Change[];
}

/** What becomes of routes, of who can start what, and of dead letters. */
export function difference(before: Assembly, after: Assembly): Difference {
  const [old, next] = [new Templates(before), new Templates(after)];
  return {
    routes: changes(routesIn(old), routesIn(next)),
    starters: changes(startersIn(old), startersIn(next)),
    deadLetters: changes(deadLettersIn(old), deadLettersIn(next)),
  };
}

/** Whether nothing is otherwise. */
export const isNothing = (found: Difference): boolean =>
  Object.values(found).every((list: readonly Change[]) => list.length === 0);

type Facts = ReadonlyMap<string, string>;

function changes(before: Facts, after: Facts): readonly Change[] {
  const found: Change[] = [];
  for (const about of [...new Set([...before.keys(), ...after.keys()])].sort()) {
    const [was, is] = [before.get(about), after.get(about)];
    if (was === is) continue;
    found.push({ about, ...(was === undefined ? {} : { before: was }), ...(is === undefined ? {} : { after: is }) });
  }
  return found;
}

/** By repository, branch and pipeline: the hops of each route, with what is broken. */
function routesIn({ routes }: Templates): Facts {
  const found = new Map<string, string>();
  for (const route of routes) {
    const { repository, branch, pipeline = 'nowhere' } = route;
    const key = `${repository} ${branch} → ${pipeline}`;
    const known = found.get(key);
    found.set(key, known === undefined ? wayOf(route) : `${known}; ${wayOf(route)}`);
  }
  return found;
}

function wayOf({ hops, broken }: Route): string {
  const way = hops.map(({ name, account }) => `${name} (${account})`).join(' → ');
  return broken.length === 0 ? way : `broken: ${broken.join('; ')}, over ${way}`;
}

/** By pipeline and principal: what lets them. */
function startersIn({ cloud, principals, backwards }: Templates): Facts {
  const found = new Map<string, string>();
  const add = (key: string, by: readonly string[]): void => {
    const text = by.join(' and ');
    const known = found.get(key);
    if (known === undefined) found.set(key, text);
    else if (!known.split(', or ').includes(text)) found.set(key, `${known}, or ${text}`);
  };
  for (const pipeline of cloud.ofType('AWS::CodePipeline::Pipeline')) {
    const { starters, changers } = whoCanStart(pipeline, { principals, backwards });
    for (const { who, can, by } of flat(starters)) add(`${pipeline.name}: ${who} ${can}`, by);
    for (const { who, actions, on, by } of changers)
      add(`${pipeline.name}: ${who} may ${actions.join(', ')} on ${on}`, by);
  }
  return found;
}

const flat = (steps: readonly Step[]): readonly Step[] => steps.flatMap((step) => [step, ...flat(step.through)]);

/** By what delivers events: the queue for those that it cannot deliver. */
function deadLettersIn({ cloud }: Templates): Facts {
  const guards = new Guards(cloud);
  const queueOf = (target: unknown): string => textIn(objectIn(objectIn(target)['DeadLetterConfig'])['Arn']) ?? 'none';
  return new Map([
    ...cloud
      .ofType('AWS::Events::Rule')
      .flatMap((rule) =>
        listIn(rule.properties['Targets']).map(
          (target) =>
            [
              `rule ${rule.name} (${rule.account}) to ${textIn(objectIn(target)['Arn']) ?? ''}`,
              queueOf(target),
            ] as const,
        ),
      ),
    ...cloud
      .ofType('AWS::Scheduler::Schedule')
      .map(
        (schedule) =>
          [`schedule ${schedule.name} (${schedule.account})`, queueOf(schedule.properties['Target'])] as const,
      ),
    ...cloud
      .ofType('AWS::Lambda::Function')
      .map((each) => [`function ${each.name} (${each.account})`, guards.failuresOf(each) ?? 'none'] as const),
  ]);
}
