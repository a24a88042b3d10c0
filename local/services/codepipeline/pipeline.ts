import { z } from 'zod';
import { Fault } from '../../../shared/fault.ts';
import { AwsError } from '../../world/failure.ts';
import { principalName } from '../../world/principal.ts';
import { flag, numeric, tags } from '../../world/properties.ts';
import { resource } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { passRole } from '../iam/pass-role.ts';
import { roles } from '../iam/tables.ts';
import { providers } from './actions/index.ts';
import { startExecution } from './engine.ts';
import { checkStructure } from './structure.ts';
import { type Action, doors, type Pipeline, pipelineArn, pipelines, type Stage } from './tables.ts';

const text = z.union([z.string(), z.boolean(), z.number()]).transform(String);
const artifactNames = z.array(z.strictObject({ Name: z.string() })).default([]);

const actionShape = z.strictObject({
  Name: z.string(),
  ActionTypeId: z.strictObject({ Category: z.string(), Owner: z.string(), Provider: z.string(), Version: z.string() }),
  Configuration: z.record(z.string(), text).default({}),
  InputArtifacts: artifactNames,
  OutputArtifacts: artifactNames,
  RoleArn: z.string().optional(),
  RunOrder: numeric.default(1),
  Namespace: z.string().optional(),
  Region: z.string().optional(),
  TimeoutInMinutes: numeric.optional(),
});

/** AWS::CodePipeline::Pipeline of type V2 with one artifact store. Creating one starts an execution, as on AWS. */
export const pipeline = resource({
  simplified:
    'Type V2 with one artifact store; RestartExecutionOnUpdate has no effect, triggers of connections are refused.',
  properties: z.strictObject({
    Name: z.string().regex(/^[A-Za-z0-9.@_-]{1,100}$/),
    RoleArn: z.string(),
    PipelineType: z.literal('V2', 'must be V2: pinned commits and pipeline variables need it'),
    ExecutionMode: z.enum(['SUPERSEDED', 'QUEUED', 'PARALLEL']).default('SUPERSEDED'),
    ArtifactStore: z.strictObject({
      Type: z.literal('S3'),
      Location: z.string(),
      EncryptionKey: z.strictObject({ Id: z.string(), Type: z.literal('KMS') }).optional(),
    }),
    Variables: z
      .array(
        z.strictObject({
          Name: z.string(),
          DefaultValue: z.string().min(1).optional(),
          Description: z.string().optional(),
        }),
      )
      .default([]),
    Stages: z.array(z.strictObject({ Name: z.string(), Actions: z.array(actionShape).min(1) })).min(2),
    DisableInboundStageTransitions: z
      .array(z.strictObject({ StageName: z.string(), Reason: z.string().min(1).max(300) }))
      .default([]),
    RestartExecutionOnUpdate: flag.optional(),
    Triggers: z.array(z.never('triggers of connections are not played by the local cloud')).optional(),
    Tags: tags.optional(),
  }),
  access: ({ Name, RoleArn }, at, change) => {
    const action = { create: 'CreatePipeline', update: 'UpdatePipeline', delete: 'DeletePipeline' }[change];
    return [
      { action: `codepipeline:${action}`, resource: pipelineArn(Name, at) },
      ...(change === 'delete' ? [] : [passRole(RoleArn, 'codepipeline.amazonaws.com')]),
    ];
  },
  put: (properties, at, previous) => {
    const { world, account, region } = at;
    const arn = pipelineArn(properties.Name, at);
    const known = world.store.in(pipelines).get(arn);
    if (known !== undefined && previous?.physicalId !== properties.Name)
      throw new AwsError(
        'PipelineNameInUseException',
        `A pipeline with the name '${properties.Name}' already exists in account '${account}'`,
      );
    if (!world.store.in(roles).has(properties.RoleArn))
      throw new AwsError('InvalidStructureException', `the pipeline role ${properties.RoleArn} does not exist`);
    const now = world.clock.now();
    const keyArn = properties.ArtifactStore.EncryptionKey?.Id;
    const made: Pipeline = {
      arn,
      account,
      region,
      name: properties.Name,
      version: (known?.version ?? 0) + 1,
      roleArn: properties.RoleArn,
      executionMode: properties.ExecutionMode,
      variables: properties.Variables.map(({ Name, DefaultValue }) => ({
        name: Name,
        ...(DefaultValue === undefined ? {} : { default: DefaultValue }),
      })),
      stages: properties.Stages.map(({ Name, Actions }): Stage => ({ name: Name, actions: Actions.map(readAction) })),
      bucket: properties.ArtifactStore.Location,
      createdAt: known?.createdAt ?? now,
      updatedAt: now,
      ...(keyArn === undefined ? {} : { keyArn }),
    };
    checkStructure(made);
    world.store.in(pipelines).put(arn, made);
    disableTransitions(world, made, properties.DisableInboundStageTransitions, principalName(at.caller));
    if (known === undefined)
      startExecution(world, made, {
        trigger: { type: 'CreatePipeline', detail: principalName(at.caller) },
        variables: defaults(made),
        pinned: {},
        cause: at.cause,
      });
    return { physicalId: properties.Name, attributes: { Version: String(made.version) } };
  },
  remove: ({ physicalId }, at) => void at.world.store.in(pipelines).delete(pipelineArn(physicalId, at)),
});

/** Shuts the doors that a template declares shut. Who opened one by hand since then finds it shut again after an update, as on AWS. */
function disableTransitions(
  world: World,
  pipeline: Pipeline,
  disabled: readonly { readonly StageName: string; readonly Reason: string }[],
  by: string,
): void {
  for (const { StageName, Reason } of disabled) {
    if (!pipeline.stages.some(({ name }) => name === StageName))
      throw new AwsError(
        'InvalidStructureException',
        `DisableInboundStageTransitions names stage ${StageName}, which is none`,
      );
    const key = `${pipeline.arn}/${StageName}`;
    const door = world.store.in(doors).get(key) ?? { waiting: [] };
    world.store.in(doors).put(key, { ...door, disabled: { reason: Reason, by, at: world.clock.now() } });
  }
}

/** The variables of a run that was started without any. */
export const defaults = ({ variables }: Pipeline): Record<string, string> =>
  Object.fromEntries(variables.flatMap(({ name, default: value }) => (value === undefined ? [] : [[name, value]])));

function readAction(declared: z.output<typeof actionShape>): Action {
  const { Category: category, Owner: owner, Provider: provider, Version: version } = declared.ActionTypeId;
  const known =
    owner === 'AWS' && Object.hasOwn(providers, `${category}/${provider}`)
      ? providers[`${category}/${provider}`]
      : undefined;
  if (known === undefined)
    throw refused(
      `action ${declared.Name}: provider ${owner}/${category}/${provider} is not played by the local cloud (${Object.keys(providers).join(', ')} are)`,
    );
  const keys = Object.keys(declared.Configuration);
  const missing = known.required.find((key) => !keys.includes(key));
  const unknown = keys.find((key) => !known.required.includes(key) && !known.optional.includes(key));
  if (missing !== undefined) throw refused(`action ${declared.Name}: configuration ${missing} is missing`);
  if (unknown !== undefined)
    throw refused(`action ${declared.Name}: configuration ${unknown} is not played by the local cloud`);
  if (declared.Configuration['PollForSourceChanges'] === 'true')
    throw refused(
      `action ${declared.Name}: PollForSourceChanges is true; polling is not played: start the pipeline by event`,
    );
  if ((declared.Configuration['OutputArtifactFormat'] ?? 'CODE_ZIP') !== 'CODE_ZIP')
    throw refused(`action ${declared.Name}: OutputArtifactFormat must be CODE_ZIP`);
  return {
    name: declared.Name,
    category,
    owner,
    provider,
    version,
    configuration: declared.Configuration,
    inputs: declared.InputArtifacts.map(({ Name }) => Name),
    outputs: declared.OutputArtifacts.map(({ Name }) => Name),
    runOrder: declared.RunOrder,
    ...(declared.RoleArn === undefined ? {} : { roleArn: declared.RoleArn }),
    ...(declared.Namespace === undefined ? {} : { namespace: declared.Namespace }),
    ...(declared.TimeoutInMinutes === undefined ? {} : { timeoutMinutes: declared.TimeoutInMinutes }),
  };
}

const refused = (subject: string) =>
  new Fault('StackFailed', subject, 'change the step, or deploy this pipeline on AWS');
