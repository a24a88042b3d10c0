import { spawnSync } from 'node:child_process';
import { GetAliasCommand, InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { expect, test } from 'vitest';
import { pipeline } from '../../workload-account/pipeline-definition.ts';
import type { EditableTemplate } from './assemblies.ts';
import { type Playing, playing } from './playing.ts';

const withAwsCli = spawnSync('aws', ['--version']).status === 0;

const buildspec = `version: 0.2
phases: { build: { commands: ['test -f shop.js'] } }
artifacts: { files: [shop.js] }
`;

/** Asks the code that is to serve, and lets the traffic over when its answer is well. */
const check = `
const { InvokeCommand, LambdaClient } = require('@aws-sdk/client-lambda');
const lambda = new LambdaClient();
exports.handler = async ({ DeploymentId, LifecycleEventHookExecutionId }) => {
  const { Payload } = await lambda.send(new InvokeCommand({ FunctionName: 'shop' }));
  const status = Buffer.from(Payload).toString().includes('well') ? 'Succeeded' : 'Failed';
  await codedeploy('PutLifecycleEventHookExecutionStatus', {
    deploymentId: DeploymentId, lifecycleEventHookExecutionId: LifecycleEventHookExecutionId, status });
};
async function codedeploy(operation, input) {
  const { protocol, hostname, port, host, origin } = new URL(process.env.AWS_ENDPOINT_URL);
  const headers = { host, 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'CodeDeploy_20141006.' + operation };
  const request = { method: 'POST', protocol, hostname, port: Number(port), path: '/', query: {}, headers, body: JSON.stringify(input) };
  const signed = await (await lambda.config.signer()).sign(request, { signingService: 'codedeploy' });
  const answer = await fetch(origin, { method: 'POST', headers: signed.headers, body: signed.body });
  if (!answer.ok) throw new Error(await answer.text());
}`;

const allow = (Action: string) => ({ Effect: 'Allow', Action, Resource: '*' });

/** The function with its alias, and the one that checks it, as an owner's own stack would make them. */
function addFunctions({ Resources }: EditableTemplate): void {
  const role = { 'Fn::GetAtt': ['ShopRole', 'Arn'] };
  const add = (id: string, Type: string, Properties: Record<string, unknown>) =>
    Object.assign(Resources, { [id]: { Type, Properties } });
  const code = (FunctionName: string, ZipFile: string, Handler: string) => ({
    FunctionName,
    Role: role,
    Runtime: 'nodejs22.x',
    Handler,
    Code: { ZipFile },
  });
  add('ShopRole', 'AWS::IAM::Role', {
    AssumeRolePolicyDocument: {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
    },
    Policies: [
      {
        PolicyName: 'Check',
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: [allow('lambda:InvokeFunction'), allow('codedeploy:PutLifecycleEventHookExecutionStatus')],
        },
      },
    ],
  });
  add('Shop', 'AWS::Lambda::Function', code('shop', "exports.handler = async () => 'old'", 'shop.handler'));
  add('Version', 'AWS::Lambda::Version', { FunctionName: { Ref: 'Shop' } });
  add('Alias', 'AWS::Lambda::Alias', {
    FunctionName: { Ref: 'Shop' },
    Name: 'live',
    FunctionVersion: { 'Fn::GetAtt': ['Version', 'Version'] },
  });
  add('Check', 'AWS::Lambda::Function', code('check', check, 'index.handler'));
}

const serving = async (flow: Playing): Promise<string | undefined> =>
  (await new LambdaClient(flow.settings('dev')).send(new GetAliasCommand({ FunctionName: 'shop', Name: 'live' })))
    .FunctionVersion;

test.skipIf(!withAwsCli)(
  'the traffic of a function goes over to code that its check finds well, and stays where it was otherwise',
  async () => {
    const dev = pipeline('orders').build().deployFunction('shop', { before: 'check' });
    const flow = await playing({ buildspec, dev, edit: { 'mergecast-dev': addFunctions } });

    const good = await flow.merge('dev', 'shop.js', "exports.handler = async () => 'well'");
    expect((await flow.arrived('dev', good)).status).toBe('Succeeded');
    expect(await serving(flow)).toBe('2');

    const bad = await flow.merge('dev', 'shop.js', "exports.handler = async () => 'ill'");
    expect((await flow.arrived('dev', bad)).status).toBe('Failed');
    expect(await serving(flow)).toBe('2');
    const { Payload } = await new LambdaClient(flow.settings('dev')).send(
      new InvokeCommand({ FunctionName: 'shop', Qualifier: 'live' }),
    );
    expect(Buffer.from(Payload ?? []).toString()).toBe('"well"');
  },
);
