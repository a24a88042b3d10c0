import { describe, expect, test } from 'vitest';
import { decide } from '../../../languages/iam-policy/decide.ts';
import { type PolicyPlace, parsePolicy } from '../../../languages/iam-policy/parse.ts';
import type { NamedPolicy, Policies, Request } from '../../../languages/iam-policy/types.ts';
import conditions from '../../cases/iam-conditions.json' with { type: 'json' };
import decisions from '../../cases/iam-decisions.json' with { type: 'json' };
import matching from '../../cases/iam-matching.json' with { type: 'json' };
import { principalOf } from './people.ts';

const account = '222222222222';
const request: Request = {
  principal: principalOf(`user ${account} alice`),
  action: 's3:GetObject',
  resource: 'arn:aws:s3:::bucket/key',
  resourceAccount: account,
  context: {},
};

const document = (statements: unknown, place?: PolicyPlace, version = '2012-10-17') =>
  parsePolicy({ Version: version, Statement: statements }, place);

const allowedBy = (statement: object, asked: Partial<Request>, version?: string): boolean =>
  decide(
    { ...request, ...asked },
    { identity: [{ name: 'policy', document: document({ Effect: 'Allow', ...statement }, 'identity', version) }] },
  ).allowed;

interface ConditionCase {
  readonly name?: string;
  readonly condition: object;
  readonly context: Request['context'];
  readonly holds: boolean;
}

describe('a condition', () => {
  const titled = (conditions as unknown as readonly ConditionCase[]).map((each) => ({
    ...each,
    title: each.name ?? `${JSON.stringify(each.condition)} with ${JSON.stringify(each.context)}`,
  }));
  test.each(titled)('$title: $holds', ({ condition, context, holds }) => {
    expect(allowedBy({ Action: '*', Resource: '*', Condition: condition }, { context })).toBe(holds);
  });
});

interface MatchingCase {
  readonly element: object;
  readonly asked: string;
  readonly covers: boolean;
  readonly context?: Request['context'];
  readonly version?: string;
}

describe('a statement covers', () => {
  const titled = (matching as unknown as readonly MatchingCase[]).map((each) => ({
    ...each,
    title: `${each.asked} with ${JSON.stringify(each.element)}`,
  }));
  test.each(titled)('$title: $covers', ({ element, asked, covers, context = {}, version }) => {
    const onAction = 'Action' in element || 'NotAction' in element;
    const statement = onAction ? { Resource: '*', ...element } : { Action: '*', ...element };

    expect(allowedBy(statement, { ...(onAction ? { action: asked } : { resource: asked }), context }, version)).toBe(
      covers,
    );
  });
});

interface DecisionCase {
  readonly name: string;
  readonly who: string;
  readonly action: string;
  readonly resource: string;
  readonly owner: string;
  readonly context?: Request['context'];
  readonly policies: {
    readonly identity?: readonly unknown[];
    readonly boundary?: unknown;
    readonly session?: readonly unknown[];
    readonly resource?: unknown;
    readonly resourceKind?: 'trust' | 'key' | 'other';
    readonly serviceControl?: readonly (readonly [string, unknown])[];
    readonly resourceControl?: readonly (readonly [string, unknown])[];
  };
  readonly allowed: boolean;
  readonly says: string;
}

function policiesOf(given: DecisionCase['policies']): Policies {
  const list = (name: string, documents: readonly unknown[]): NamedPolicy[] =>
    documents.map((each, index) => ({ name: `${name} ${index + 1}`, document: document(each) }));
  const levels = (name: string, placed: readonly (readonly [string, unknown])[]): NamedPolicy[] =>
    placed.map(([level, each], index) => ({ name: `${name} ${index + 1}`, document: document(each), level }));
  const place = given.resourceKind === 'trust' ? 'trust' : 'resource';
  return {
    identity: list('identity', given.identity ?? []),
    ...(given.boundary === undefined ? {} : { boundary: { name: 'boundary', document: document(given.boundary) } }),
    ...(given.session === undefined ? {} : { session: list('session', given.session) }),
    ...(given.resource === undefined
      ? {}
      : { resource: { name: 'resource policy', document: document(given.resource, place) } }),
    ...(given.resourceKind === undefined ? {} : { resourceKind: given.resourceKind }),
    ...(given.serviceControl === undefined ? {} : { serviceControl: levels('serviceControl', given.serviceControl) }),
    ...(given.resourceControl === undefined
      ? {}
      : { resourceControl: levels('resourceControl', given.resourceControl) }),
  };
}

describe('a decision', () => {
  test.each(decisions as unknown as readonly DecisionCase[])('$name', (given) => {
    const decision = decide(
      {
        principal: principalOf(given.who),
        action: given.action,
        resource: given.resource,
        resourceAccount: given.owner,
        context: given.context ?? {},
      },
      policiesOf(given.policies),
    );

    expect(decision.explanation).toContain(given.says);
    expect(decision.allowed).toBe(given.allowed);
    expect(decision.reason).toBe(
      given.allowed ? 'allowed' : given.says.endsWith('denies it explicitly') ? 'explicit-deny' : 'implicit-deny',
    );
  });
});

test('a decision lists the statements that decided', () => {
  const policies = policiesOf({
    identity: [[{ Effect: 'Allow', Action: '*', Resource: '*' }]],
    resource: [{ Sid: 'Keep', Effect: 'Deny', Principal: '*', Action: 's3:Delete*', Resource: '*' }],
  });

  expect(decide(request, policies).statements).toEqual([{ policy: 'identity 1', effect: 'Allow' }]);
  expect(decide({ ...request, action: 's3:DeleteObject' }, policies).statements).toEqual([
    { policy: 'resource policy', sid: 'Keep', effect: 'Deny' },
  ]);
});

test('hostile wildcards take no time', () => {
  const resource = `arn:aws:s3:::${'a'.repeat(5000)}`;
  const started = performance.now();

  expect(allowedBy({ Action: '*', Resource: `arn:aws:s3:::${'a*'.repeat(500)}b` }, { resource })).toBe(false);
  expect(allowedBy({ Action: '*', Resource: `arn:aws:s3:::${'${'.repeat(3000)}` }, { resource })).toBe(false);
  expect(performance.now() - started).toBeLessThan(1500);
});
