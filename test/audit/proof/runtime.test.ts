import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Permissions } from '../../../audit/cloud/permissions.ts';
import { namedPerson } from '../../../audit/principals/people.ts';
import { Principals } from '../../../audit/principals/principals.ts';
import { type Way, waysOf } from '../../../audit/principals/ways.ts';
import { patternsOf, throughAll } from '../../../audit/proof/passing.ts';
import { prove } from '../../../audit/proof/prove.ts';
import { Templates } from '../../../audit/proof/templates.ts';
import { parsePattern } from '../../../languages/event-pattern/parse.ts';
import type { RequestPrincipal } from '../../../languages/iam-policy/types.ts';
import { oracle as matches } from '../../languages/event-pattern/oracle.ts';
import { oracle, type RawStatement } from '../../languages/iam-policy/oracle.ts';
import { assemblyOfAccounts } from '../clouds.ts';
import {
  asked,
  busArn,
  type Call,
  callers,
  type Generated,
  generated,
  organisation,
  receiving,
  roleArn,
  templatesOf,
  written,
} from './generated.ts';
import { PlayedCases } from './played.ts';

/** Each set of templates is asked so many times. */
const callsEach = 40;
/** 2,000 cases; `npm run fuzz` asks for 100,000 and more. */
const sets = Math.ceil(Number(process.env['FUZZ_RUNS'] ?? 4000) / 2 / callsEach);
/** After so many a new cloud is opened, so that its journal does not grow. */
const setsPerCloud = 50;

let cloud: PlayedCases;
beforeAll(async () => {
  cloud = await PlayedCases.open();
});
afterAll(() => cloud.close());

const three = roleArn(receiving, 'three');

function principalOf(arn: string): RequestPrincipal {
  const account = arn.split(':')[4] ?? '';
  if (arn.includes(':user/')) return { type: 'user', account, arn };
  return {
    type: 'role-session',
    account,
    arn: `arn:aws:sts::${account}:assumed-role/${arn.split('/').at(-1) ?? ''}/case`,
    roleArn: arn,
  };
}

/** What the plain evaluator says: it reads the statements as they were generated. */
function judged(
  made: Generated,
  bus: string,
  { caller, assumes, source, detailType, externalId }: Call,
  id: number,
): boolean {
  const principal = principalOf(caller);
  const own = [roleArn('111111111111', 'one'), roleArn('111111111111', 'two'), three].indexOf(caller);
  const administrator: readonly RawStatement[] = [{ Effect: 'Allow', Action: '*', Resource: '*' }];
  const identity = [own < 0 ? administrator : written(made.identities[own] ?? [], bus)];
  const context = {
    ...{ 'aws:PrincipalArn': caller, 'aws:PrincipalAccount': 'account' in principal ? principal.account : '' },
    ...{
      'aws:PrincipalType': principal.type === 'user' ? 'User' : 'AssumedRole',
      'aws:PrincipalIsAWSService': 'false',
    },
    'aws:PrincipalOrgID': organisation,
    ...(assumes
      ? externalId === undefined
        ? {}
        : { 'sts:ExternalId': externalId }
      : { 'events:source': source, 'events:detail-type': detailType }),
  };
  const resource = assumes ? three : busArn(bus);
  const trust = JSON.parse(
    JSON.stringify(made.trust).replaceAll(three, roleArn('111111111111', 'two')),
  ) as readonly RawStatement[];
  expect(id).toBeGreaterThanOrEqual(0);
  return (
    oracle(
      {
        principal,
        action: assumes ? 'sts:AssumeRole' : 'events:PutEvents',
        resource,
        resourceAccount: receiving,
        context,
      },
      assumes ? { identity, resource: trust, resourceKind: 'trust' } : { identity, resource: written(made.bus, bus) },
    ) === 'allowed'
  );
}

class Prover {
  readonly templates: Templates;
  readonly #principals: Principals;
  readonly #bus: string;

  constructor(made: Generated, bus: string, queue: string) {
    const assembly = assemblyOfAccounts(templatesOf(made, bus, queue));
    this.templates = new Templates(assembly, undefined, organisation);
    this.#principals = new Principals(this.templates.cloud, new Permissions(this.templates.cloud), organisation);
    this.#bus = bus;
  }

  /** The ways in which a caller may do it, whatever the event or external id. */
  ways(caller: string, assumes: boolean): readonly Way[] {
    const role = this.templates.cloud.at(three);
    if (role === undefined) throw new Error('there is no third role');
    if (!caller.includes(':user/')) {
      const all = assumes ? this.#principals.assuming(role) : this.#principals.putting(busArn(this.#bus));
      return all.filter(({ person }) => person.name === caller);
    }
    const person = namedPerson(caller, { account: receiving, region: 'eu-west-1', organisation });
    return waysOf(person, assumes ? this.#principals.onRole(role) : this.#principals.onBus(busArn(this.#bus)));
  }

  /** Whether a caller may put such an event, and whether it then passes the rule. */
  puts(
    { caller, source, detailType, detail }: Call,
    pattern: unknown,
  ): { readonly allowed: boolean; readonly taken: boolean } {
    const event = [{ source: [source] }, { 'detail-type': [detailType] }, { account: [caller.split(':')[4]] }].map(
      (each) => parsePattern(each),
    );
    const passing = this.ways(caller, false).flatMap((way) => throughAll(event, patternsOf(way)));
    const envelope = { source, 'detail-type': detailType, account: caller.split(':')[4], detail };
    return { allowed: passing.length > 0, taken: matches(parsePattern(pattern), envelope) };
  }
}

async function compare(
  made: Generated,
  calls: readonly Call[],
  number: number,
): Promise<{ allowed: number; replayed: number }> {
  const bus = `bus${number}`;
  const { url, arn } = await cloud.queue(`queue${number}`, `${bus}/rule-${bus}`);
  const prover = new Prover(made, bus, arn);
  const remove = await cloud.play(templatesOf(made, bus, arn));
  let allowed = 0;
  const expected: number[] = [];
  for (const [id, call] of calls.entries()) {
    const about = JSON.stringify({ made, call });
    const wanted = judged(made, bus, call, id);
    const event = { ...call, detail: { ...call.detail, id } };
    const played = call.assumes
      ? await cloud.assume(call.caller, three, call.externalId)
      : await cloud.put(call.caller, busArn(bus), event);
    expect(played, about).toBe(wanted);
    if (played) allowed += 1;
    if (call.assumes) {
      // Over all external ids: no way means no call, which is what a proof says.
      if (played) expect(prover.ways(call.caller, true), about).not.toEqual([]);
      continue;
    }
    const proof = prover.puts(event, made.pattern);
    expect(proof.allowed, about).toBe(played);
    if (played && proof.taken) expected.push(id);
  }
  const delivered = (await cloud.delivered(url)).map(({ id = -1 }) => id).sort((one, other) => one - other);
  expect(delivered, JSON.stringify(made)).toEqual(expected);
  const replayed = await replay(prover, bus);
  await remove();
  return { allowed, replayed };
}

/** Whatever a refutation prints happens when it is played; what is proven was refused to everybody. */
async function replay(prover: Prover, bus: string): Promise<number> {
  let replayed = 0;
  for (const by of [[], [receiving], callers.map(String)]) {
    const [proof] = prove([{ claim: 'put-only-by', bus, by }], prover.templates);
    if (proof?.verdict !== 'refuted') continue;
    const { principal, action, context = {}, event } = proof.counterexample;
    const arn =
      principal === undefined
        ? undefined
        : principal.type === 'role-session'
          ? principal.roleArn
          : 'arn' in principal
            ? principal.arn
            : undefined;
    // The played accounts all belong to the organisation, and speak over TLS.
    const elsewhere =
      String(context['aws:principalorgid'] ?? '') !== organisation || String(context['aws:securetransport']) !== 'true';
    if (arn === undefined || elsewhere) continue;
    const played =
      action === 'sts:AssumeRole'
        ? await cloud.assume(arn, proof.counterexample.resource ?? '', one(context['sts:externalid']))
        : await cloud.put(arn, busArn(bus), {
            source: String(event?.['source']),
            detailType: String(event?.['detail-type']),
            detail: event?.['detail'] ?? {},
          });
    expect(played, JSON.stringify(proof)).toBe(true);
    replayed += 1;
  }
  return replayed;
}

const one = (value: string | readonly string[] | undefined): string | undefined =>
  typeof value === 'string' ? value : value?.[0];

test('prover, local cloud and plain evaluator decide alike, and every counterexample replays', {
  timeout: 7_200_000,
}, async () => {
  const cases = fc.sample(fc.tuple(generated, fc.array(asked, { minLength: callsEach, maxLength: callsEach })), {
    numRuns: sets,
    ...(process.env['FUZZ_RUNS'] === undefined ? { seed: 5 } : {}),
  });
  const total = { allowed: 0, replayed: 0 };
  for (const [number, [made, calls]] of cases.entries()) {
    if (number > 0 && number % setsPerCloud === 0) {
      await cloud.close();
      cloud = await PlayedCases.open();
    }
    const { allowed, replayed } = await compare(made, calls, number);
    total.allowed += allowed;
    total.replayed += replayed;
  }
  console.log(
    `${sets * callsEach} cases decided alike, ${total.allowed} of them allowed; ${total.replayed} counterexamples replayed`,
  );

  expect(total.allowed).toBeGreaterThan((sets * callsEach) / 10);
  expect(total.replayed).toBeGreaterThan(sets / 4);
});
