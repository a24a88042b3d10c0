import fc from 'fast-check';
import type { Request } from '../../../languages/iam-policy/types.ts';
import type { RawStatement } from './oracle.ts';
import { principalOf } from './people.ts';

/** Requests and policies over few names, so that they often concern each other. */
const accounts = ['111111111111', '222222222222'] as const;
const [one, two] = accounts;

const who = fc.constantFrom(
  ...[`user ${one} alice`, `user ${two} alice`, `user ${one} bob`, `root ${one}`, `root ${two}`],
  ...[`session ${one} app build`, `session ${two} path/app build`, `session ${one} app other`],
  ...[
    `session ${one} aws-service-role/x/Linked s`,
    'service events.amazonaws.com',
    'service sns.amazonaws.com',
    'anonymous',
  ],
);

const awsNames = fc.constantFrom(
  ...['*', one, two, `arn:aws:iam::${one}:root`, `arn:aws:iam::${two}:root`, `arn:aws:iam::${one}:user/alice`],
  ...[`arn:aws:iam::${two}:user/alice`, `arn:aws:iam::${one}:role/app`, `arn:aws:iam::${two}:role/path/app`],
  ...[`arn:aws:sts::${one}:assumed-role/app/build`, `arn:aws:sts::${two}:assumed-role/app/build`],
);
const services = fc.constantFrom('events.amazonaws.com', 'sns.amazonaws.com');

const actions = ['s3:GetObject', 's3:PutObject', 'sts:AssumeRole', 'iam:PassRole', 'events:PutEvents'];
const actionPatterns = fc.constantFrom(
  ...actions,
  '*',
  's3:*',
  'S3:get*',
  's3:?etObject',
  '*:*',
  'iam:Pass*',
  's3:Get',
);

const resources = [
  ...['arn:aws:s3:::bucket/key', 'arn:aws:s3:::bucket', 'arn:aws:s3:::alice/key', 'arn:aws:sns:eu-west-1:2:a:b', '*'],
  ...[`arn:aws:iam::${one}:role/app`, `arn:aws:iam::${two}:role/app`],
];
const resourcePatterns = fc.constantFrom(
  ...resources,
  ...[
    'arn:aws:s3:::bucket*',
    'arn:aws:s3:::*/key',
    'arn:aws:s3:*',
    'arn:aws:sns:*:b',
    'arn:aws:sns:e*1:2:a:b',
    'arn:aws:s*a:b',
    'arn:aws?sns:*',
    'arn:a*b*t/key',
    'arn:aws:s*t:*',
    'arn:a?s:*:?:b',
    'arn:aws:sns:*:*:?:b',
    'arn:*:s3:::bucket',
  ],
  ...[
    'arn:aws:s3:::${aws:username}/*',
    "arn:aws:s3:::${x:none, 'bucket'}/key",
    'arn:aws:s3:::${x:none}',
    '${aws:username}',
  ],
  ...[
    'arn:aws:s3:::${x:multi}',
    'arn:aws:s3:::${x:star}',
    'arn:${aws:username}:s3:::bucket',
    'arn:aws:s3:::bucket/${*}',
  ],
);

const keys = [
  'aws:username',
  'x:multi',
  'x:number',
  'x:date',
  'x:ip',
  'x:arn',
  'x:flag',
  'x:star',
  'x:none',
  'X:Number',
];
const texts = ['alice', 'bucket', 'Alice', '*', 'a?ice', 'al*', '', '5', '5.0', '10', 'true', 'false', 'x'];
const special = [
  ...['2020-01-01', '2020-01-01T00:00:00Z', '1577836800', '10.0.0.0/8', '10.1.2.3', '11.0.0.0/8', '192.168.0.1'],
  ...[
    'arn:aws:s3:::bucket',
    'arn:aws:s3:::*',
    'arn:aws:sns:*:2:a:b',
    '${aws:username}',
    '${x:none}',
    "${x:none, 'alice'}",
    '${*}',
    'al${?}ce',
  ],
];
const value = fc.constantFrom(...texts, ...special.filter((text) => !text.includes('${')));
const wantedValue = fc.constantFrom(...texts, ...special);

const context = fc.dictionary(
  fc.constantFrom(...keys.slice(0, 8)),
  fc.oneof({ weight: 3, arbitrary: value }, { weight: 1, arbitrary: fc.array(value, { maxLength: 3 }) }),
  { maxKeys: 6 },
);

const positive = [
  ...[
    'StringEquals',
    'StringEqualsIgnoreCase',
    'StringLike',
    'NumericEquals',
    'DateEquals',
    'ArnEquals',
    'ArnLike',
    'IpAddress',
  ],
  ...[
    'Bool',
    'BinaryEquals',
    'NumericLessThan',
    'NumericLessThanEquals',
    'NumericGreaterThan',
    'NumericGreaterThanEquals',
  ],
  ...['DateLessThan', 'DateLessThanEquals', 'DateGreaterThan', 'DateGreaterThanEquals'],
];
const negative = [
  ...['StringNotEquals', 'StringNotEqualsIgnoreCase', 'StringNotLike', 'NumericNotEquals', 'DateNotEquals'],
  ...['ArnNotEquals', 'ArnNotLike', 'NotIpAddress'],
];
const operator = fc
  .tuple(
    fc.constantFrom('', '', '', 'ForAllValues:', 'ForAnyValue:'),
    fc.constantFrom(...positive, ...negative),
    fc.constantFrom('', '', 'IfExists'),
  )
  .map((parts) => parts.join(''));

const some = <Item>(arbitrary: fc.Arbitrary<Item>) =>
  fc.oneof(arbitrary, fc.array(arbitrary, { minLength: 1, maxLength: 3 }));
const conditions = fc.dictionary(
  fc.oneof({ weight: 6, arbitrary: operator }, { weight: 1, arbitrary: fc.constant('Null') }),
  fc.dictionary(fc.constantFrom(...keys), some(wantedValue), { minKeys: 1, maxKeys: 2 }),
  { maxKeys: 2 },
);

const principal = fc.oneof(
  fc.constant('*' as const),
  fc.record({ AWS: some(awsNames) }),
  fc.record({ Service: some(services) }),
  fc.record({ AWS: some(awsNames), Service: some(services) }),
);

/** A statement; `about` names whom it is about, where its policy says so. */
function statements(about: 'nobody' | 'somebody', withResource = true): fc.Arbitrary<readonly RawStatement[]> {
  const statement = fc
    .record({
      effect: fc.constantFrom('Allow', 'Allow', 'Allow', 'Deny'),
      action: fc.record({ name: fc.constantFrom('Action', 'Action', 'Action', 'NotAction'), of: some(actionPatterns) }),
      resource: fc.record({ name: fc.constantFrom('Resource', 'Resource', 'NotResource'), of: some(resourcePatterns) }),
      principal,
      not: fc.boolean(),
      conditions: fc.option(conditions, { freq: 2 }),
    })
    .map((given): RawStatement => {
      const named = given.effect === 'Deny' && given.not ? 'NotPrincipal' : 'Principal';
      return {
        Effect: given.effect,
        [given.action.name]: given.action.of,
        ...(withResource ? { [given.resource.name]: given.resource.of } : {}),
        ...(about === 'somebody' ? { [named]: given.principal } : {}),
        ...(given.conditions ? { Condition: given.conditions } : {}),
      };
    });
  return fc.array(statement, { minLength: 1, maxLength: 3 });
}

const broad: RawStatement = { Effect: 'Allow', Action: '*', Resource: '*' };
/** Half the time a policy that allows everything, so that the other policies decide. */
const own = fc.oneof(statements('nobody'), fc.constant<readonly RawStatement[]>([broad]));
const guard = (everybody: RawStatement, other: fc.Arbitrary<readonly RawStatement[]>) =>
  fc.dictionary(
    fc.constantFrom('root', 'unit'),
    fc.array(fc.oneof({ weight: 3, arbitrary: fc.constant([everybody]) }, { weight: 1, arbitrary: other }), {
      minLength: 1,
      maxLength: 2,
    }),
    { maxKeys: 2 },
  );

const resourceSide = fc.oneof(
  fc.constant({}),
  statements('somebody').map((resource) => ({ resource })),
  fc
    .tuple(statements('somebody'), fc.constantFrom('key', 'other'))
    .map(([resource, resourceKind]) => ({ resource, resourceKind })),
  statements('somebody', false).map((resource) => ({ resource, resourceKind: 'trust' as const })),
);

const policies = fc
  .record(
    {
      identity: fc.array(own, { maxLength: 2 }),
      boundary: own,
      session: fc.array(own, { maxLength: 2 }),
      serviceControl: guard(broad, statements('nobody')),
      resourceControl: guard({ ...broad, Principal: '*' }, statements('somebody')),
      side: resourceSide,
    },
    { requiredKeys: ['identity', 'side'] },
  )
  .map(({ side, ...rest }) => ({ ...rest, ...side }));

const request = fc
  .record({
    principal: who.map(principalOf),
    action: fc.constantFrom(...actions),
    resource: fc.constantFrom(...resources),
    resourceAccount: fc.constantFrom(...accounts),
    context,
  })
  .map((given): Request => given);

/** Pairs of a request and the policies that concern it. */
export const questions = fc.record({ request, policies });
