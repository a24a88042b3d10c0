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
