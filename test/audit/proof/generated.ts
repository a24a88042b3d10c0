import fc from 'fast-check';
import type { RawStatement } from '../../languages/iam-policy/oracle.ts';
import type { WrittenResources } from '../clouds.ts';

/** The account of two roles, that of the bus and a third role, and one without templates. */
export const [sending, receiving, foreign] = ['111111111111', '222222222222', '333333333333'] as const;
/** The organisation of all of them. */
export const organisation = 'o-1234567890';
export const roleArn = (account: string, name: string): string => `arn:aws:iam::${account}:role/made/${name}`;
export const busArn = (name: string): string => `arn:aws:events:eu-west-1:${receiving}:event-bus/${name}`;

/** Values that are often asked for, and often given. */
export const sources = ['mergecast.devops', 'mergecast.other', 'other', 'Other'] as const;
export const detailTypes = ['Branch Merged', 'Start Decided', 'branch merged'] as const;

/** Everything that is made for some cases. */
export interface Generated {
  readonly bus: readonly RawStatement[];
  readonly trust: readonly RawStatement[];
  /** Statements of roles one and two of the sending account, and three of the receiving one. */
  readonly identities: readonly (readonly RawStatement[])[];
  readonly pattern: Readonly<Record<string, unknown>>;
}

const some = <Item>(item: fc.Arbitrary<Item>) => fc.oneof(item, fc.uniqueArray(item, { minLength: 1, maxLength: 2 }));
const texts = {
  plain: ['StringEquals', 'StringNotEquals', 'StringEqualsIgnoreCase'],
  glob: ['StringLike', 'StringNotLike'],
};
const arns = ['ArnEquals', 'ArnLike', 'ArnNotEquals', 'ArnNotLike', 'StringLike', 'StringNotLike', 'StringEquals'];

const about = (key: string, operators: readonly string[], values: fc.Arbitrary<unknown>) =>
  fc
    .tuple(
      fc.constantFrom('', '', '', 'ForAnyValue:', 'ForAllValues:'),
      fc.constantFrom(...operators),
      fc.constantFrom('', '', '', 'IfExists'),
      values,
    )
    .map(([set, operator, ifExists, value]) => ({ [`${set}${operator}${ifExists}`]: { [key]: value } }));

const ofEvent = fc.oneof(
  about('events:source', texts.plain, some(fc.constantFrom(...sources))),
  about('events:source', texts.glob, some(fc.constantFrom('mergecast.*', '*other', '*', '*.dev*s'))),
  about('events:detail-type', texts.plain, some(fc.constantFrom(...detailTypes))),
  about('events:detail-type', texts.glob, some(fc.constantFrom('Branch*', '*d', '* *'))),
);
const ofCaller = fc.oneof(
  about(
    'aws:PrincipalArn',
    arns,
    some(
      fc.constantFrom(
        roleArn(sending, 'one'),
        roleArn(receiving, 'three'),
        `arn:aws:iam::${sending}:role/made/*`,
        `arn:aws:iam::*:user/*`,
        `arn:aws:iam::${foreign}:*`,
        'arn:aws:iam::*:role/made/t??',
      ),
    ),
  ),
  about('aws:PrincipalAccount', texts.plain, some(fc.constantFrom(sending, receiving, foreign))),
  about('aws:PrincipalOrgID', texts.plain, fc.constantFrom(organisation, 'o-0987654321')),
  about('aws:PrincipalType', texts.plain, some(fc.constantFrom('User', 'AssumedRole', 'Account'))),
  about('aws:PrincipalIsAWSService', ['Bool'], fc.constantFrom('true', 'false')),
  fc
    .constantFrom('aws:SourceArn', 'aws:PrincipalArn', 'AWS:principalorgid')
    .chain((key) => fc.constantFrom('true', 'false').map((value) => ({ Null: { [key]: value } }))),
);
const ofAssuming = about('sts:ExternalId', [...texts.plain, ...texts.glob], some(fc.constantFrom('abc', 'a*', '*')));

/** Conditions of several keys; of one operator only those of the last. */
const conditions = (...kinds: readonly fc.Arbitrary<object>[]) =>
  fc.array(fc.oneof(...kinds), { maxLength: 2 }).map((each): object => Object.assign({}, ...each) as object);

const effect = fc.constantFrom('Allow', 'Allow', 'Allow', 'Deny');
const named = fc.oneof(
  fc.constant('*'),
  fc.record({
    AWS: some(
      fc.constantFrom(
        '*',
        sending,
        `arn:aws:iam::${receiving}:root`,
        `arn:aws:iam::${foreign}:root`,
        roleArn(sending, 'one'),
        roleArn(receiving, 'three'),
      ),
    ),
  }),
);

const statement = (parts: Record<string, fc.Arbitrary<unknown>>, condition: fc.Arbitrary<object>) =>
  fc.record({ Effect: effect, ...parts, Condition: condition }).map((each): RawStatement => {
    const { Condition, ...rest } = each;
    return JSON.parse(JSON.stringify(Object.keys(Condition).length === 0 ? rest : each)) as RawStatement;
  });

const putting = fc.constantFrom('events:PutEvents', 'events:Put*', '*');
const list = <Item>(item: fc.Arbitrary<Item>) => fc.array(item, { minLength: 1, maxLength: 3 });

const fields = fc.record(
  {
    source: fc.constantFrom<unknown>(['mergecast.devops'], [{ prefix: 'mergecast' }], [{ 'anything-but': 'other' }]),
    'detail-type': fc.constantFrom<unknown>(
      ['Branch Merged'],
      [{ wildcard: '*d' }],
      [{ 'equals-ignore-case': 'branch merged' }],
    ),
    account: fc.constantFrom<unknown>([sending], [receiving, foreign]),
    detail: fc.constantFrom<unknown>(
      { branch: ['prod'] },
      { branch: [{ 'anything-but': 'prod' }] },
      { branch: [{ exists: false }] },
      { $or: [{ branch: ['dev'] }, { n: [{ numeric: ['>', 5] }] }] },
    ),
  },
  { requiredKeys: ['source'] },
);

/** What policies and patterns of a bus, three roles and a rule may say. */
export const generated: fc.Arbitrary<Generated> = fc.record({
  bus: list(
    statement(
      { Principal: named, Action: putting, Resource: fc.constantFrom('BUS', '*') },
      conditions(ofEvent, ofCaller),
    ),
  ),
  trust: list(statement({ Principal: named, Action: fc.constant('sts:AssumeRole') }, conditions(ofAssuming, ofCaller))),
  identities: fc.tuple(
    ...[0, 1, 2].map(() =>
      list(
        fc.oneof(
          statement({ Action: putting, Resource: fc.constantFrom('BUS', '*', busArn('*')) }, conditions(ofEvent)),
          statement(
            {
              Action: fc.constantFrom('sts:AssumeRole', 'sts:*'),
              Resource: fc.constantFrom('*', `arn:aws:iam::${receiving}:role/made/*`),
            },
            conditions(ofAssuming),
          ),
        ),
      ),
    ),
  ),
  pattern: fields,
});

const document = (statements: readonly RawStatement[]) => ({ Version: '2012-10-17', Statement: statements });

/** The statements of a generated bus or role, with the name of the bus. */
export const written = (statements: readonly RawStatement[], bus: string): readonly RawStatement[] =>
  JSON.parse(JSON.stringify(statements).replaceAll('"BUS"', JSON.stringify(busArn(bus)))) as readonly RawStatement[];

/** The templates by account; the statements of a bus policy stand in resources of their own. */
export function templatesOf(made: Generated, bus: string, queue: string): Readonly<Record<string, WrittenResources>> {
  const trusting = [{ Effect: 'Allow', Principal: { AWS: sending }, Action: 'sts:AssumeRole' }];
  const role = (name: string, at: number, trust: readonly RawStatement[]) => ({
    Type: 'AWS::IAM::Role',
    Properties: {
      ...{ RoleName: name, Path: '/made/', AssumeRolePolicyDocument: document(trust) },
      Policies: [{ PolicyName: 'own', PolicyDocument: document(written(made.identities[at] ?? [], bus)) }],
    },
  });
  return {
    [sending]: { One: role('one', 0, trusting), Two: role('two', 1, trusting) },
    [receiving]: {
      // A trust policy may not name a role before it is there.
      Three: role(
        'three',
        2,
        JSON.parse(
          JSON.stringify(made.trust).replaceAll(roleArn(receiving, 'three'), roleArn(sending, 'two')),
        ) as readonly RawStatement[],
      ),
      Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: bus } },
      ...Object.fromEntries(
        written(made.bus, bus).map((Statement, index) => [
          `Policy${index}`,
          {
            Type: 'AWS::Events::EventBusPolicy',
            Properties: { EventBusName: bus, StatementId: `S${index}`, Statement: { Sid: `S${index}`, ...Statement } },
          },
        ]),
      ),
      Rule: {
        Type: 'AWS::Events::Rule',
        Properties: {
          Name: `rule-${bus}`,
          EventBusName: bus,
          EventPattern: made.pattern,
          Targets: [{ Id: 'queue', Arn: queue }],
        },
      },
    },
  };
}

const detail = fc.record(
  { branch: fc.constantFrom<unknown>('prod', 'dev', ['dev', 'prod'], 7), n: fc.integer({ min: 0, max: 9 }) },
  { requiredKeys: ['n'] },
);

/** Who asks, by their ARN. */
export const callers = [
  ...[roleArn(sending, 'one'), roleArn(sending, 'two'), roleArn(receiving, 'three')],
  ...[sending, receiving, foreign].map((account) => `arn:aws:iam::${account}:user/administrator`),
] as const;

/** A call that may be allowed or not: an event that is put, or the third role that is assumed. */
export const asked = fc.record({
  caller: fc.constantFrom(...callers),
  assumes: fc.constantFrom(false, false, false, true),
  source: fc.constantFrom(...sources),
  detailType: fc.constantFrom(...detailTypes),
  detail,
  externalId: fc.constantFrom(undefined, 'abc', 'axy'),
});
export type Call = typeof asked extends fc.Arbitrary<infer Each> ? Each : never;
