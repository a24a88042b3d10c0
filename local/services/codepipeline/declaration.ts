import { z } from 'zod';
import { Fault } from '../../../shared/fault.ts';
import { flag, numeric, tags } from '../../world/properties.ts';
import { providers } from './actions/index.ts';
import { rules as ruleProviders } from './rules/index.ts';
import type { Action, Condition, OnFailure, Rule, Stage } from './tables.ts';

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

const ruleShape = z.strictObject({
  Name: z.string(),
  RuleTypeId: z.strictObject({
    Category: z.literal('Rule').default('Rule'),
    Owner: z.literal('AWS').default('AWS'),
    Provider: z.string(),
    Version: z.string().default('1'),
  }),
  Configuration: z.record(z.string(), text).default({}),
  InputArtifacts: artifactNames,
  RoleArn: z.string().optional(),
  Region: z.string().optional(),
});

const conditionsShape = (results: readonly ['FAIL' | 'ROLLBACK' | 'SKIP', ...('FAIL' | 'ROLLBACK' | 'SKIP')[]]) =>
  z.array(z.strictObject({ Result: z.enum(results), Rules: z.array(ruleShape).min(1).max(5) })).length(1);

const stageShape = z.strictObject({
  Name: z.string(),
  Actions: z.array(actionShape).min(1),
  BeforeEntry: z.strictObject({ Conditions: conditionsShape(['FAIL', 'SKIP']) }).optional(),
  OnSuccess: z.strictObject({ Conditions: conditionsShape(['FAIL', 'ROLLBACK']) }).optional(),
  OnFailure: z
    .strictObject({
      Result: z.enum(['ROLLBACK', 'RETRY']).optional(),
      RetryConfiguration: z
        .strictObject({ RetryMode: z.enum(['ALL_ACTIONS', 'FAILED_ACTIONS']).default('FAILED_ACTIONS') })
        .optional(),
      Conditions: conditionsShape(['ROLLBACK']).optional(),
    })
    .optional(),
});

const store = z.strictObject({
  Type: z.literal('S3'),
  Location: z.string(),
  EncryptionKey: z.strictObject({ Id: z.string(), Type: z.literal('KMS') }).optional(),
});

/** A pipeline as templates declare it; CreatePipeline's words are the same in lower case. */
export const pipelineShape = z.strictObject({
  Name: z.string().regex(/^[A-Za-z0-9.@_-]{1,100}$/),
  RoleArn: z.string(),
  PipelineType: z.literal('V2', 'must be V2: pinned commits and pipeline variables need it'),
  ExecutionMode: z.enum(['SUPERSEDED', 'QUEUED', 'PARALLEL']).default('SUPERSEDED'),
  ArtifactStore: store.optional(),
  ArtifactStores: z.array(z.strictObject({ Region: z.string(), ArtifactStore: store })).optional(),
  Variables: z
    .array(
      z.strictObject({
        Name: z.string().regex(/^[A-Za-z0-9@_-]{1,128}$/),
        DefaultValue: z.string().min(1).max(1000).optional(),
        Description: z.string().max(200).optional(),
      }),
    )
    .max(50)
    .default([]),
  Stages: z.array(stageShape).min(2),
  DisableInboundStageTransitions: z
    .array(z.strictObject({ StageName: z.string(), Reason: z.string().min(1).max(300) }))
    .default([]),
  RestartExecutionOnUpdate: flag.optional(),
  Triggers: z.array(z.never('triggers of connections are not played by the local cloud')).optional(),
  Tags: tags.optional(),
});

/** What {@link pipelineShape} reads. */
export type Declared = z.output<typeof pipelineShape>;

/** The one artifact store, which must be in the pipeline's own region. Throws StackFailed. */
export function readStore({ Name, ArtifactStore, ArtifactStores = [] }: Declared, region: string) {
  const foreign = ArtifactStores.find((each) => each.Region !== region);
  if (foreign !== undefined)
    throw refused(
      `pipeline ${Name}: an artifact store in ${foreign.Region}; actions in other regions are not played by the local cloud`,
    );
  const found = ArtifactStore ?? ArtifactStores[0]?.ArtifactStore;
  if (found === undefined || (ArtifactStore !== undefined && ArtifactStores.length > 0))
    throw refused(`pipeline ${Name}: write either ArtifactStore or ArtifactStores`);
  return found;
}

/** A stage with its conditions. Throws StackFailed for what is not played. */
export function readStage(
  { Name, Actions, BeforeEntry, OnSuccess, OnFailure }: Declared['Stages'][number],
  region: string,
): Stage {
  return {
    name: Name,
    actions: Actions.map((action) => readAction(action, region)),
    ...(BeforeEntry === undefined ? {} : { beforeEntry: readCondition(BeforeEntry.Conditions, region) }),
    ...(OnSuccess === undefined ? {} : { onSuccess: readCondition(OnSuccess.Conditions, region) }),
    ...(OnFailure === undefined ? {} : { onFailure: readFailure(OnFailure, region) }),
  };
}

function readFailure(
  { Result, RetryConfiguration, Conditions }: NonNullable<Declared['Stages'][number]['OnFailure']>,
  region: string,
): OnFailure {
  return {
    retryMode: RetryConfiguration?.RetryMode ?? 'FAILED_ACTIONS',
    ...(Result === undefined ? {} : { result: Result }),
    ...(Conditions === undefined ? {} : { condition: readCondition(Conditions, region) }),
  };
}

function readCondition(
  [declared]: readonly { Result: Condition['result']; Rules: readonly z.output<typeof ruleShape>[] }[],
  region: string,
): Condition {
  return { result: declared?.Result ?? 'FAIL', rules: declared?.Rules.map((rule) => readRule(rule, region)) ?? [] };
}

function readRule(declared: z.output<typeof ruleShape>, region: string): Rule {
  const provider = declared.RuleTypeId.Provider;
  const known = Object.hasOwn(ruleProviders, provider) ? ruleProviders[provider] : undefined;
  const subject = `rule ${declared.Name}`;
  if (known === undefined)
    throw refused(
      `${subject}: provider ${provider} is not played by the local cloud (${Object.keys(ruleProviders).join(', ')} are)`,
    );
  checkRegion(subject, declared.Region, region);
  checkKeys(subject, declared.Configuration, known);
  return {
    name: declared.Name,
    provider,
    configuration: declared.Configuration,
    inputs: declared.InputArtifacts.map(({ Name }) => Name),
    ...(declared.RoleArn === undefined ? {} : { roleArn: declared.RoleArn }),
  };
}

function readAction(declared: z.output<typeof actionShape>, region: string): Action {
  const { Category: category, Owner: owner, Provider: provider, Version: version } = declared.ActionTypeId;
  const known =
    owner === 'AWS' && Object.hasOwn(providers, `${category}/${provider}`)
      ? providers[`${category}/${provider}`]
      : undefined;
  const subject = `action ${declared.Name}`;
  if (known === undefined)
    throw refused(
      `${subject}: provider ${owner}/${category}/${provider} is not played by the local cloud (${Object.keys(providers).join(', ')} are)`,
    );
  checkRegion(subject, declared.Region, region);
  checkKeys(subject, declared.Configuration, known);
  if (declared.Configuration['PollForSourceChanges'] === 'true')
    throw refused(`${subject}: PollForSourceChanges is true; polling is not played: start the pipeline by event`);
  if ((declared.Configuration['OutputArtifactFormat'] ?? 'CODE_ZIP') !== 'CODE_ZIP')
    throw refused(`${subject}: OutputArtifactFormat must be CODE_ZIP`);
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

function checkRegion(subject: string, wanted: string | undefined, region: string): void {
  if (wanted !== undefined && wanted !== region)
    throw refused(
      `${subject}: Region ${wanted} is not the pipeline's ${region}; cross-region actions are not played by the local cloud`,
    );
}

function checkKeys(
  subject: string,
  configuration: Readonly<Record<string, string>>,
  { required, optional }: { readonly required: readonly string[]; readonly optional: readonly string[] },
): void {
  const keys = Object.keys(configuration);
  const missing = required.find((key) => !keys.includes(key));
  const unknown = keys.find((key) => !required.includes(key) && !optional.includes(key));
  if (missing !== undefined) throw refused(`${subject}: configuration ${missing} is missing`);
  if (unknown !== undefined) throw refused(`${subject}: configuration ${unknown} is not played by the local cloud`);
}

const refused = (subject: string) =>
  new Fault('StackFailed', subject, 'change the step, or deploy this pipeline on AWS');
