import { App, CfnResource, Stack } from 'aws-cdk-lib';
import { expect, test } from 'vitest';
import { refuseBeyondQuotas } from '../../shared/quotas.ts';
import { appOf, organisationFile } from '../synthesis.ts';

test('the default organisation is within all quotas', () => {
  process.env['CDK_VALIDATION'] = 'false';

  expect(() => refuseBeyondQuotas(appOf(organisationFile).synth())).not.toThrow();
});

test('an event pattern that AWS would refuse at deployment is refused at synthesis, with its place and size', () => {
  process.env['CDK_VALIDATION'] = 'false';
  const repositories = Array.from({ length: 80 }, (_, index) => ({ name: `a-repository-with-a-long-name-${index}` }));
  const assembly = appOf({ ...organisationFile, repositories }, {}, 'devops').synth();

  expect(() => refuseBeyondQuotas(assembly)).toThrow(
    /QuotaExceeded: mergecast-devops\/AnnouncingMerges\w*: an event pattern of \d+ characters, and AWS takes 2048: use fewer/,
  );
});

test('an environment of too many repositories is told how many resources it has, and to share them out', () => {
  const repositories = Array.from({ length: 60 }, (_, index) => ({ name: `service-${index}` }));
  const assembly = appOf({ ...organisationFile, repositories }, {}, 'dev').synth();

  expect(() => refuseBeyondQuotas(assembly)).toThrow(
    /mergecast-dev: \d+ resources, and AWS takes 500 in a stack: let this environment follow fewer/,
  );
});

test("a function's environment is counted in bytes of names and values, as Lambda counts", () => {
  const assemblyOf = (text: string) => {
    const app = new App({ analyticsReporting: false });
    const stack = new Stack(app, 'one');
    const Variables = { NAME: text };
    new CfnResource(stack, 'Fn', { type: 'AWS::Lambda::Function', properties: { Environment: { Variables } } });
    return app.synth();
  };

  expect(() => refuseBeyondQuotas(assemblyOf('"'.repeat(4092)))).not.toThrow();
  expect(() => refuseBeyondQuotas(assemblyOf('é'.repeat(2047)))).toThrow(
    /one\/Fn: .* of 4098 bytes, .* does not raise/,
  );
});

test('the policies inside one role are added up, as IAM does, and a managed policy has a limit of its own', () => {
  const assemblyOf = (...resources: readonly [string, string, Record<string, unknown>][]) => {
    const app = new App({ analyticsReporting: false });
    const stack = new Stack(app, 'one');
    for (const [id, type, properties] of resources) new CfnResource(stack, id, { type, properties });
    return app.synth();
  };
  const document = (size: number) => ({ S: 'x'.repeat(size - '{"S":""}'.length) });
  const role = (size: number) =>
    ['Role', 'AWS::IAM::Role', { Policies: [{ PolicyDocument: document(size) }] }] as const;
  const policy = (id: string, size: number) =>
    [id, 'AWS::IAM::Policy', { PolicyDocument: document(size), Roles: [{ Ref: 'Role' }] }] as const;

  expect(() => refuseBeyondQuotas(assemblyOf([...role(5000)], [...policy('A', 5240)]))).not.toThrow();
  expect(() => refuseBeyondQuotas(assemblyOf([...role(4000)], [...policy('A', 4000)], [...policy('B', 4000)]))).toThrow(
    "one/Role: a role's policies of 12000 characters together, and AWS takes 10240: follow fewer repositories",
  );
  expect(() =>
    refuseBeyondQuotas(assemblyOf(['Boundary', 'AWS::IAM::ManagedPolicy', { PolicyDocument: document(6145) }])),
  ).toThrow('one/Boundary: a managed policy of 6145 characters, and AWS takes 6144');
});
