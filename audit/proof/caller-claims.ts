import { globMatches, globOf } from '../../languages/iam-policy/wildcard.ts';
import type { CloudResource } from '../cloud/cloud.ts';
import { placeText } from '../principals/held.ts';
import type { Person } from '../principals/people.ts';
import type { Principals } from '../principals/principals.ts';
import type { Way } from '../principals/ways.ts';
import { followedBy, startAction } from '../routes/actors.ts';
import { patternsOf, putByCall, throughAll } from './passing.ts';
import type { Templates } from './templates.ts';
import { type Counterexample, lacking, type Verdict } from './verdict.ts';

/** Whether nobody but some may start pipelines, nor act as those who may. */
export function proveStarters(
  pipelines: string,
  environment: string | undefined,
  allowed: readonly string[],
  templates: Templates,
): Verdict {
  const { cloud, principals } = templates;
  const all =
    environment === undefined ? cloud.ofType('AWS::CodePipeline::Pipeline') : templates.pipelinesOf(environment);
  const found = named(pipelines, all);
  if (found.length === 0) return lacking(pipelines, 'is no pipeline of these templates');
  const polling = found.find((pipeline) => followedBy(pipeline).some(({ polls }) => polls));
  if (polling) return lacking(polling.arn, 'starts itself: its source action polls');
  return unite(
    found.map((pipeline) => {
      const ways = principals.onPipeline(pipeline, startAction);
      return judge(
        ways.map((way) => ({ way, does: `calls ${startAction} on ${pipeline.arn}` })),
        allowed,
        principals,
        `no statement of a role of account ${pipeline.account} allows ${startAction} on ${pipeline.arn}`,
      );
    }),
  );
}

/** Whether nobody but some may put events on buses, nor act as those who may. */
export function provePutters(buses: string, allowed: readonly string[], { cloud, principals }: Templates): Verdict {
  const found = named(buses, cloud.ofType('AWS::Events::EventBus'));
  if (found.length === 0) return lacking(buses, 'is no bus of these templates');
  return unite(
    found.map(({ arn }) => {
      const puts = principals.putting(arn).flatMap((way) => {
        const wanted = patternsOf(way);
        const [called] = throughAll([putByCall(way.person.account)], wanted);
        // AWS's own events are passed on by rules alone, which act as roles.
        const forwards = called === undefined && way.request.principal.type === 'role-session';
        const [passing] = forwards ? throughAll([], wanted) : [called];
        const does = forwards ? `has a rule put an event on ${arn}` : `puts an event on ${arn}`;
        return passing ? [{ way, does, event: passing.event }] : [];
      });
      return judge(puts, allowed, principals, `no policy lets anybody put events on ${arn}`);
    }),
  );
}

function named(glob: string, resources: readonly CloudResource[]): readonly CloudResource[] {
  const byArn = glob.startsWith('arn:');
  if (!/[*?]/.test(glob)) return resources.filter(({ arn, name }) => (byArn ? arn : name) === glob);
  const compiled = globOf(glob);
  return resources.filter(({ arn, name }) => globMatches(compiled, byArn ? arn : name));
}

function unite(verdicts: readonly Verdict[]): Verdict {
  const wrong = verdicts.find(({ verdict }) => verdict !== 'proven');
  if (wrong) return wrong;
  return {
    verdict: 'proven',
    by: [...new Set(verdicts.flatMap((each) => (each.verdict === 'proven' ? each.by : [])))],
  };
}

interface Act {
  readonly way: Way;
  readonly does: string;
  readonly event?: string;
}

function judge(acts: readonly Act[], names: readonly string[], principals: Principals, nobody: string): Verdict {
  const allowed = allowedBy(names);
  const by = new Set<string>();
  const seen = new Set<string>();
  const visit = (act: Act, then: readonly string[]): Counterexample | undefined => {
    const { person } = act.way;
    if (!isAllowed(person, act.way, allowed)) return exampleOf(act, then);
    for (const place of act.way.by) by.add(placeText(place));
    if (person.role === undefined || seen.has(person.role.arn)) return undefined;
    const { role } = person;
    seen.add(role.arn);
    for (const way of principals.assuming(role)) {
      const found = visit({ way, does: `acts as ${role.arn}` }, [`as ${role.arn} ${act.does}`, ...then]);
      if (found) return found;
    }
    return undefined;
  };
  for (const act of acts) {
    const counterexample = visit(act, []);
    if (counterexample) return { verdict: 'refuted', counterexample };
  }
  return { verdict: 'proven', by: by.size > 0 ? [...by] : [nobody] };
}

/** Tells ARNs and accounts that stand in a list, in which a star is any text. */
function allowedBy(names: readonly string[]): (text: string) => boolean {
  const exact = new Set(names);
  const globs = names.filter((name) => /[*?]/.test(name)).map(globOf);
  return (text) => exact.has(text) || globs.some((glob) => globMatches(glob, text));
}

/** Services act for what an account's own administrators made: on behalf of that account they are no stranger. */
function isAllowed({ kind, account, name }: Person, { request }: Way, allowed: (text: string) => boolean): boolean {
  if (kind === 'service') return account === request.resourceAccount;
  const given = request.context['aws:principalarn'];
  return allowed(account) || allowed(kind === 'role' || given === undefined ? name : String(given));
}

function exampleOf({ way, does, event }: Act, then: readonly string[]): Counterexample {
  const { principal, action, resource, context } = way.request;
  const given = context['aws:principalarn'] ?? context['aws:sourcearn'];
  return {
    who:
      way.person.kind === 'anyone' || way.person.kind === 'service'
        ? `${way.person.name}, as ${String(given)}`
        : way.person.name,
    does,
    ...{ principal, action, resource, context },
    ...(event === undefined ? {} : { event: JSON.parse(event) as Record<string, unknown> }),
    by: way.by.map(placeText),
    then,
  };
}
