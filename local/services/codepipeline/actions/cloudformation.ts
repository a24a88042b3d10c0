import { ZipFile } from 'yazl';
import { AwsError } from '../../../world/failure.ts';
import { readZipEntry } from '../../../world/zip.ts';
import type { StackOutcome } from '../../cloudformation/deploy.ts';
import { stackEnd } from '../../cloudformation/running.ts';
import { acting } from '../acting.ts';
import { type ActionContext, ActionFailure, type ActionResult, type Provider } from './action.ts';

interface DescribedStack {
  readonly StackStatus: string;
  readonly StackStatusReason?: string;
  readonly Outputs: readonly { readonly OutputKey: string; readonly OutputValue: string }[];
}

/** The modes, by the names the action takes. Source: facts 3.8 and the CloudFormation action reference of the CodePipeline guide. */
const modes: Readonly<Record<string, (context: ActionContext) => Promise<ActionResult>>> = {
  CREATE_UPDATE: createOrUpdate,
  REPLACE_ON_FAILURE: replaceOnFailure,
  CHANGE_SET_REPLACE: replaceChangeSet,
  CHANGE_SET_EXECUTE: executeChangeSet,
  DELETE_ONLY: deleteOnly,
};

/**
 * Deploy/CloudFormation: creates, updates or deletes a stack, or makes and executes a change set of it, in the account of the action's role. The stack's outputs are the action's variables
 * and, with OutputFileName, a JSON file in its output artifact.
 */
export const cloudformation: Provider = {
  required: ['ActionMode', 'StackName'],
  optional: [
    'ChangeSetName',
    'TemplatePath',
    'TemplateConfiguration',
    'RoleArn',
    'Capabilities',
    'ParameterOverrides',
    'OutputFileName',
  ],
  run: async (context) => {
    const { ActionMode = '' } = context.configuration;
    const mode = Object.hasOwn(modes, ActionMode) ? modes[ActionMode] : undefined;
    if (mode === undefined)
      throw new ActionFailure(
        'ConfigurationError',
        `ActionMode ${ActionMode} is none of ${Object.keys(modes).join(', ')}`,
      );
    return mode(context);
  },
};

/** What a mode cannot do without. Throws ConfigurationError naming it. */
function setting(context: ActionContext, name: string): string {
  const value = context.configuration[name];
  if (value === undefined || value === '')
    throw new ActionFailure(
      'ConfigurationError',
      `${name} is missing: ActionMode ${context.configuration['ActionMode']} needs it`,
    );
  return value;
}

/** A stack's wanted state, as CreateStack, UpdateStack and CreateChangeSet take it. */
async function stackInput(context: ActionContext): Promise<object> {
  const { configuration } = context;
  const settings = await templateSettings(context);
  return {
    StackName: setting(context, 'StackName'),
    TemplateBody: await fileOf(context, setting(context, 'TemplatePath')),
    Parameters: Object.entries({ ...settings.Parameters, ...(await overrides(context)) }).map(
      ([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue }),
    ),
    Tags: Object.entries(settings.Tags).map(([Key, Value]) => ({ Key, Value })),
    Capabilities: (configuration['Capabilities'] ?? '').split(',').filter((name) => name !== ''),
    ...(configuration['RoleArn'] === undefined ? {} : { RoleARN: configuration['RoleArn'] }),
  };
}

async function createOrUpdate(context: ActionContext): Promise<ActionResult> {
  const StackName = setting(context, 'StackName');
  const input = await stackInput(context);
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

const failed = /^(CREATE_FAILED|ROLLBACK_COMPLETE|ROLLBACK_FAILED|DELETE_FAILED|UPDATE_ROLLBACK_FAILED)$/;

/** A stack that has failed is deleted and made anew. AWS calls it fit for tests only. */
async function replaceOnFailure(context: ActionContext): Promise<ActionResult> {
  const stack = await describe(context, setting(context, 'StackName'));
  if (stack !== undefined && failed.test(stack.StackStatus)) await deleteOnly(context);
  return createOrUpdate(context);
}

/** Makes the change set; one of that name goes first. Without changes there is nothing to execute, and that is no failure. */
async function replaceChangeSet(context: ActionContext): Promise<ActionResult> {
  const StackName = setting(context, 'StackName');
  const ChangeSetName = setting(context, 'ChangeSetName');
  const input = await stackInput(context);
  const stack = await describe(context, StackName);
  if (stack !== undefined) await ask(context, 'DeleteChangeSet', { StackName, ChangeSetName });
  const isNew = stack === undefined || stack.StackStatus === 'REVIEW_IN_PROGRESS';
  const ChangeSetType = isNew ? 'CREATE' : 'UPDATE';
  await ask(context, 'CreateChangeSet', { ...input, ChangeSetName, ChangeSetType });
  const { Status, StatusReason } = await changeSet(context, StackName, ChangeSetName);
  if (Status === 'FAILED' && !isWithoutChanges(StatusReason))
    throw new ActionFailure('JobFailed', `change set ${ChangeSetName} of stack ${StackName}: ${StatusReason}`);
  return {
    ...(await outputs(context, StackName)),
    summary: `change set ${ChangeSetName} of stack ${StackName} is made`,
  };
}

async function executeChangeSet(context: ActionContext): Promise<ActionResult> {
  const StackName = setting(context, 'StackName');
  const ChangeSetName = setting(context, 'ChangeSetName');
  const { Status, StatusReason } = await changeSet(context, StackName, ChangeSetName);
  if (Status === 'FAILED' && isWithoutChanges(StatusReason)) return outputs(context, StackName);
  await ask(context, 'ExecuteChangeSet', { StackName, ChangeSetName });
  await succeeded(context, StackName);
  return outputs(context, StackName);
}

const isWithoutChanges = (reason = ''): boolean =>
  reason.startsWith("The submitted information didn't contain changes");

const changeSet = (context: ActionContext, StackName: string, ChangeSetName: string) =>
  ask<{ Status: string; StatusReason?: string }>(context, 'DescribeChangeSet', { StackName, ChangeSetName });

async function deleteOnly(context: ActionContext): Promise<ActionResult> {
  const StackName = setting(context, 'StackName');
  await ask(context, 'DeleteStack', { StackName, RoleARN: context.configuration['RoleArn'] });
  await succeeded(context, StackName);
  return { externalId: StackName };
}

/** Waits for the stack's end. Throws JobFailed with the stack's reason. */
async function succeeded(context: ActionContext, stackName: string): Promise<void> {
  const { region } = context.execution.pipeline;
  const { account } = context.session;
  const outcome: StackOutcome | undefined = await stackEnd(context.world, { account, region, stackName });
  const stack = outcome === undefined ? await describe(context, stackName) : undefined;
  const reason = outcome?.failed
    ? outcome.reason
    : /ROLLBACK|FAILED/.test(stack?.StackStatus ?? '')
      ? stack?.StackStatusReason
      : 'none';
  if (reason !== 'none') throw new ActionFailure('JobFailed', `stack ${stackName}: ${reason ?? 'no reason given'}`);
}

async function outputs(context: ActionContext, stackName: string): Promise<ActionResult> {
  const stack = await describe(context, stackName);
  const variables = Object.fromEntries(
    (stack?.Outputs ?? []).map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]),
  );
  const file = context.configuration['OutputFileName'];
  const [artifact] = context.action.outputs;
  if (file !== undefined && artifact !== undefined)
    await context.putArtifact(artifact, await zipOf(file, Buffer.from(JSON.stringify(variables))));
  return { externalId: stackName, summary: `stack ${stackName} is as the template says`, variables };
}

async function zipOf(name: string, content: Buffer): Promise<Buffer> {
  const zip = new ZipFile();
  zip.addBuffer(content, name);
  zip.end();
  const chunks: Buffer[] = [];
  for await (const chunk of zip.outputStream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

async function describe(context: ActionContext, StackName: string): Promise<DescribedStack | undefined> {
  try {
    return (await ask<{ Stacks: readonly DescribedStack[] }>(context, 'DescribeStacks', { StackName })).Stacks[0];
  } catch (error) {
    if (error instanceof AwsError && error.code === 'ValidationError') return undefined;
    throw error;
  }
}

const ask = <Answer>(context: ActionContext, operation: string, input: object): Promise<Answer> =>
  acting(context, 'cloudformation')<Answer>(operation, input);

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
