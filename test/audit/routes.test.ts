import { expect, test } from 'vitest';
import { routesOf } from '../../audit/routes/routes.ts';
import { cloudOfAccounts, cloudOfResources, cloudOfStacks, ownStacks, type WrittenResources } from './clouds.ts';

const kinds = ['rule', 'function', 'bus', 'rule', 'bus', 'rule', 'function', 'pipeline'];

test('each branch has one route, over eight hops, to the pipeline of its environment', () => {
  const routes = routesOf(cloudOfStacks(ownStacks().values()));

  expect(routes.map(({ repository, branch, pipeline }) => [repository, branch, pipeline])).toEqual(
    ['dev', 'prod', 'staging'].map((name) => ['orders', name, `orders-${name}`]),
  );
  for (const { hops, broken } of routes) {
    expect(hops.map(({ kind }) => kind)).toEqual(kinds);
    expect(broken).toEqual([]);
  }
});

test('each hop says what guards it', () => {
  const [, prod] = routesOf(cloudOfStacks(ownStacks().values()));

  expect(prod?.hops[3]).toMatchObject({
    name: 'forward-prod',
    role: 'arn:aws:iam::111111111111:role/mergecast/mergecast-forward-prod',
    deadLetters: 'arn:aws:sqs:eu-west-1:111111111111:mergecast-forward-prod-undelivered',
    retry: { attempts: 185, ageSeconds: 86_400 },
    alarms: ['mergecast-forward-prod-failed', 'mergecast-forward-prod-undelivered'],
  });
  expect(prod?.hops[2]?.archives).toEqual(['mergecast-announced']);
  expect(prod?.hops[4]?.admittedBy).toContain('statement Forwarder');
});

/** What is taken away from the stacks, and what is then said to be missing. */
const halves: readonly (readonly [string, string, (resources: WrittenResources) => void, RegExp])[] = [
  [
    "the receiving bus's policy",
    'mergecast-prod',
    without('AWS::Events::EventBusPolicy'),
    /may not put these events on .*mergecast-prod/,
  ],
  [
    'the receiving bus',
    'mergecast-prod',
    without('AWS::Events::EventBus'),
    /no template makes the bus .*mergecast-prod/,
  ],
  [
    'the permission to invoke the starter',
    'mergecast-prod',
    without('AWS::Lambda::Permission'),
    /rule start may not invoke/,
  ],
  ['the start rule', 'mergecast-prod', without('AWS::Events::Rule', 'Intake'), /no rule on .*mergecast-prod takes/],
  ['the starter', 'mergecast-prod', without('AWS::Lambda::Function'), /no template makes the function/],
  [
    "the starter's permissions",
    'mergecast-prod',
    without('AWS::IAM::Policy', 'Starting'),
    /nothing tells pipeline orders-prod/,
  ],
  [
    'the forwarding rule',
    'mergecast-devops',
    without('AWS::Events::Rule', 'Forwardingprod'),
    /nothing tells pipeline orders-prod/,
  ],
  [
    "the forwarder's permissions",
    'mergecast-devops',
    without('AWS::IAM::Policy', 'Forwardingprod'),
    /may not put these events/,
  ],
  ['the forwarder', 'mergecast-devops', without('AWS::IAM::Role', 'Forwardingprod'), /no template makes the role/],
  [
    'the announcing rule',
    'mergecast-devops',
    without('AWS::Events::Rule', 'AnnouncingMerges'),
    /nothing tells pipeline orders-prod/,
  ],
];

test.each(halves)('without %s the route is broken and says so', (_half, stack, change, missing) => {
  const stacks = ownStacks();
  change(stacks.get(stack)?.resources ?? {});

  const broken = routesOf(cloudOfStacks(stacks.values())).filter((route) => route.broken.length > 0);

  expect(broken.flatMap((route) => route.broken).join('\n')).toMatch(missing);
});

test('a disabled rule breaks its route', () => {
  const stacks = ownStacks();
  for (const { Type, Properties } of Object.values(stacks.get('mergecast-dev')?.resources ?? {}))
    if (Type === 'AWS::Events::Rule') Properties['State'] = 'DISABLED';

  const [dev] = routesOf(cloudOfStacks(stacks.values()));

  expect(dev?.broken).toEqual(['rule start is disabled']);
});

/** Takes resources of a type away, and what refers to them. */
function without(type: string, prefix = ''): (resources: WrittenResources) => void {
  return (resources) => {
    for (const [id, { Type }] of Object.entries(resources)) {
      if (Type !== type || !id.startsWith(prefix)) continue;
      const { arn } = addressIn(id, resources);
      delete resources[id];
      for (const [other, each] of Object.entries(resources)) {
        const text = JSON.stringify(each)
          .replaceAll(`{"Fn::GetAtt":["${id}","Arn"]}`, JSON.stringify(arn))
          .replaceAll(`{"Ref":"${id}"}`, '"gone"');
        const { DependsOn: _, ...rest } = JSON.parse(text) as WrittenResources[string] & { DependsOn?: unknown };
        resources[other] = rest;
      }
    }
  };
}

function addressIn(id: string, resources: WrittenResources): { arn: string } {
  const name = Object.values(resources[id]?.Properties ?? {}).find((value) => typeof value === 'string') ?? id;
  const type = resources[id]?.Type;
  return {
    arn:
      type === 'AWS::Lambda::Function'
        ? `arn:aws:lambda:eu-west-1:444444444444:function:${String(name)}`
        : `arn:aws:iam::111111111111:role/mergecast/gone`,
  };
}

const pipeline = (configuration: Record<string, unknown>) => ({
  Type: 'AWS::CodePipeline::Pipeline',
  Properties: {
    Name: 'shop',
    Stages: [
      {
        Name: 'Source',
        Actions: [
          {
            Name: 'Source',
            ActionTypeId: { Category: 'Source', Provider: 'CodeCommit' },
            Configuration: configuration,
          },
        ],
      },
    ],
  },
});

const starting = (trusted: string) => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    AssumeRolePolicyDocument: {
      Statement: { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: trusted } },
    },
    Policies: [
      {
        PolicyName: 'p',
        PolicyDocument: { Statement: { Effect: 'Allow', Action: 'codepipeline:Start*', Resource: '*' } },
      },
    ],
  },
});

const directRule = (targets: unknown) => ({
  Type: 'AWS::Events::Rule',
  Properties: {
    EventPattern: { source: ['aws.codecommit'], detail: { referenceName: ['main', { prefix: 'release/' }] } },
    Targets: targets,
  },
});

test("anybody's templates are followed: a rule that starts a pipeline itself", () => {
  const target = {
    Id: 'p',
    Arn: { 'Fn::Sub': 'arn:aws:codepipeline:${AWS::Region}:${AWS::AccountId}:${Shop}' },
    RoleArn: { 'Fn::GetAtt': ['Starter', 'Arn'] },
  };
  const routes = routesOf(
    cloudOfResources({
      Shop: pipeline({ RepositoryName: 'shop', BranchName: 'release/7', PollForSourceChanges: false }),
      Starter: starting('events.amazonaws.com'),
      Rule: directRule([target]),
    }),
  );

  expect(routes).toMatchObject([{ repository: 'shop', branch: 'release/7', pipeline: 'shop', broken: [] }]);
  expect(routes[0]?.hops.map(({ kind, deadLetters }) => [kind, deadLetters])).toEqual([
    ['rule', undefined],
    ['pipeline', undefined],
  ]);
});

test('a role that EventBridge may not take breaks the route', () => {
  const target = {
    Id: 'p',
    Arn: 'arn:aws:codepipeline:eu-west-1:111111111111:shop',
    RoleArn: { 'Fn::GetAtt': ['Starter', 'Arn'] },
  };
  const [route] = routesOf(
    cloudOfResources({
      Shop: pipeline({ RepositoryName: 'shop', BranchName: 'main', PollForSourceChanges: false }),
      Starter: starting('lambda.amazonaws.com'),
      Rule: directRule([target]),
    }),
  );

  expect(route?.broken.join()).toContain('may not act as');
});

test('a pipeline that polls needs no rule, and is a route', () => {
  const routes = routesOf(cloudOfResources({ Shop: pipeline({ RepositoryName: 'shop', BranchName: 'main' }) }));

  expect(routes).toMatchObject([{ repository: 'shop', branch: 'main', hops: [{ kind: 'pipeline' }], broken: [] }]);
});

test('what came from another account is not forwarded to a third', () => {
  const forward = (from: string, to: string) => ({
    Type: 'AWS::Events::Rule',
    Properties: {
      ...(from === '' ? {} : { EventBusName: from }),
      EventPattern: { source: ['aws.codecommit'] },
      Targets: [{ Id: 'next', Arn: to }],
    },
  });
  const bus = { Type: 'AWS::Events::EventBus', Properties: { Name: 'in' } };
  const busOf = (account: string) => `arn:aws:events:eu-west-1:${account}:event-bus/in`;
  const routes = routesOf(
    cloudOfAccounts({
      '111111111111': { First: forward('', busOf('222222222222')) },
      '222222222222': { Bus: bus, Second: forward('in', busOf('333333333333')) },
      '333333333333': { Bus: bus },
    }),
  );

  expect(routes.flatMap(({ broken }) => broken).join('\n')).toContain('does not forward to a third account');
});

test('rules that send events in a circle end the walk', () => {
  const bus = (Name: string) => ({ Type: 'AWS::Events::EventBus', Properties: { Name } });
  const rule = (from: string | undefined, to: string) => ({
    Type: 'AWS::Events::Rule',
    Properties: {
      ...(from === undefined ? {} : { EventBusName: from }),
      EventPattern: { source: ['aws.codecommit'] },
      Targets: [{ Id: 'next', Arn: `arn:aws:events:eu-west-1:111111111111:event-bus/${to}` }],
    },
  });

  expect(
    routesOf(
      cloudOfResources({
        A: bus('a'),
        B: bus('b'),
        In: rule(undefined, 'a'),
        Go: rule('a', 'b'),
        Back: rule('b', 'a'),
      }),
    ),
  ).toEqual([]);
});
