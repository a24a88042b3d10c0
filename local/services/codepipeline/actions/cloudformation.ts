import { call } from '../../../world/call.ts';
import { AwsError } from '../../../world/failure.ts';
import { readZipEntry } from '../../../world/zip.ts';
import type { StackOutcome } from '../../cloudformation/deploy.ts';
import { stackEnd } from '../../cloudformation/running.ts';
import { type ActionContext, ActionFailure, type ActionResult, type Provider } from './action.ts';

interface DescribedStack {
  readonly Outputs: readonly { readonly OutputKey: string; readonly OutputValue: string }[];
}

/** Deploy/CloudFormation: creates or updates a stack from a template in an artifact (`CREATE_UPDATE`), or deletes it (`DELETE_ONLY`). */
export const cloudformation: Provider = {
  required: ['ActionMode', 'StackName'],
  optional: [
    'TemplatePath',
    'TemplateConfiguration',
    'RoleArn',
    'Capabilities',
    'ParameterOverrides',
    'OutputFileName',
  ],
  run: async (context) => {
    switch (context.configuration['ActionMode']) {
      case 'CREATE_UPDATE':
        return createOrUpdate(context);
      case 'DELETE_ONLY':
        return deleteOnly(context);
      default:
        throw new ActionFailure(
          'ConfigurationError',
          `ActionMode ${context.configuration['ActionMode']} is not played by the local cloud (CREATE_UPDATE and DELETE_ONLY are)`,
        );
    }
  },
};

async function createOrUpdate(context: ActionContext): Promise<ActionResult> {
  const { configuration } = context;
  const StackName = configuration['StackName'] ?? '';
  const settings = await templateSettings(context);
  const input = {
    StackName,
    TemplateBody: (await fileOf(context, configuration['TemplatePath'] ?? '')).toString('utf8'),
    Parameters: Object.entries({ ...settings.Parameters, ...(await overrides(context)) }).map(
      ([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue }),
    ),
    Tags: Object.entries(settings.Tags).map(([Key, Value]) => ({ Key, Value })),
    Capabilities: (configuration['Capabilities'] ?? '').split(',').filter((name) => name !== ''),
    ...(configuration['RoleArn'] === undefined ? {} : { RoleARN: configuration['RoleArn'] }),
  };
  const exists = (await describe(context, StackName)) !== undefined;
  try {
    await ask(context, exists ? 'UpdateStack' : 'CreateStack', input);
  } catch (error) {
    if (!(error instanceof AwsError) || !error.message.startsWith('No updates are to be performed')) throw error;
    return outputs(context, StackName);
  }
  await succeeded(context, StackName);
  return outputs(context, StackName);
}

async function deleteOnly(context: ActionContext): Promise<ActionResult> {
  const StackName = context.configuration['StackName'] ?? '';
  await ask(context, 'DeleteStack', { StackName, RoleARN: context.configuration['RoleArn'] });
  await succeeded(context, StackName);
  return { externalId: StackName };
}

async function succeeded({ world, execution }: ActionContext, stackName: string): Promise<void> {
  const { account, region } = execution.pipeline;
  const outcome: StackOutcome | undefined = await stackEnd(world, { account, region, stackName });
  if (outcome?.failed)
    throw new ActionFailure('JobFailed', `stack ${stackName}: ${outcome.reason ?? 'no reason given'}`);
}

async function outputs(context: ActionContext, stackName: string): Promise<ActionResult> {
  const stack = await describe(context, stackName);
  return {
    externalId: stackName,
    summary: `stack ${stackName} is as the template says`,
    variables: Object.fromEntries((stack?.Outputs ?? []).map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue])),
  };
}

async function describe(context: ActionContext, StackName: string): Promise<DescribedStack | undefined> {
  try {
    return (await ask<{ Stacks: readonly DescribedStack[] }>(context, 'DescribeStacks', { StackName })).Stacks[0];
  } catch (error) {
    if (error instanceof AwsError && error.code === 'ValidationError') return undefined;
    throw error;
  }
}

const ask = <Answer>({ world, execution, session }: ActionContext, operation: string, input: object): Promise<Answer> =>
  call<Answer>(world, {
    caller: session,
    account: execution.pipeline.account,
    region: execution.pipeline.region,
    service: 'cloudformation',
    operation,
    input,
    cause: execution.cause,
  });

/** `artifact::path` as the file's bytes. */
async function fileOf(context: ActionContext, place: string): Promise<Buffer> {
  const [artifact = '', path = ''] = place.split('::');
  const content = await readZipEntry(await context.getArtifact(artifact), path);
  if (content === undefined)
    throw new ActionFailure('ConfigurationError', `artifact ${artifact} holds no file ${path}`);
  return content;
}

async function templateSettings(
  context: ActionContext,
): Promise<{ Parameters: Record<string, string>; Tags: Record<string, string> }> {
  const place = context.configuration['TemplateConfiguration'];
  const none = { Parameters: {}, Tags: {} };
  return place === undefined
    ? none
    : { ...none, ...(json((await fileOf(context, place)).toString('utf8'), place) as object) };
}

/** The parameter overrides, with `Fn::GetArtifactAtt` and `Fn::GetParam` put in. */
async function overrides(context: ActionContext): Promise<Record<string, string>> {
  const text = context.configuration['ParameterOverrides'] ?? '{}';
  if (text.length > 1024)
    throw new ActionFailure(
      'ConfigurationError',
      `ParameterOverrides is ${text.length} characters long: at most 1024 are allowed`,
    );
  const entries = Object.entries(json(text, 'ParameterOverrides') as Record<string, unknown>).map(
    async ([name, value]) => [name, await override(context, value)] as const,
  );
  return Object.fromEntries(await Promise.all(entries));
}

async function override(context: ActionContext, value: unknown): Promise<string> {
  if (typeof value !== 'object' || value === null) return String(value);
  const [[name, argument] = ['', []]] = Object.entries(value as Record<string, readonly string[]>);
  const [artifact = '', what = '', key = ''] = argument;
  if (name === 'Fn::GetArtifactAtt') return artifactAttribute(context, artifact, what);
  if (name === 'Fn::GetParam')
    return (
      (json((await fileOf(context, `${artifact}::${what}`)).toString('utf8'), what) as Record<string, string>)[key] ??
      ''
    );
  throw new ActionFailure(
    'ConfigurationError',
    `ParameterOverrides: ${name} is no function (Fn::GetArtifactAtt and Fn::GetParam are)`,
  );
}

function artifactAttribute({ execution }: ActionContext, artifact: string, attribute: string): string {
  const place = execution.artifacts[artifact];
  const known: Record<string, string> =
    place === undefined
      ? {}
      : {
          BucketName: place.bucket,
          ObjectKey: place.key,
          URL: `https://s3.${execution.pipeline.region}.amazonaws.com/${place.bucket}/${place.key}`,
        };
  const value = known[attribute];
  if (value === undefined)
    throw new ActionFailure('ConfigurationError', `Fn::GetArtifactAtt finds no ${attribute} of artifact ${artifact}`);
  return value;
}

function json(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ActionFailure('ConfigurationError', `${what} is not valid JSON`);
  }
}
