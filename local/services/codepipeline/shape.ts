import { z } from 'zod';
import { flag, numeric, tags } from '../../world/properties.ts';

const text = z.union([z.string(), z.boolean(), z.number()]).transform(String);
const artifactName = z.string().regex(/^[a-zA-Z0-9_-]{1,100}$/);
const inputArtifacts = z.array(z.strictObject({ Name: artifactName })).default([]);
const outputArtifacts = z
  .array(z.strictObject({ Name: artifactName, Files: z.array(z.string().min(1).max(128)).max(10).optional() }))
  .default([]);
const minutes = numeric.pipe(z.number().int().min(5).max(86_400));
const commands = z.array(z.string().min(1).max(1000)).min(1).max(50);
const configuration = z.record(z.string().min(1).max(50), text).default({});

const environmentVariable = z.strictObject({
  Name: z.string().regex(/^[A-Za-z0-9_]{1,128}$/),
  Value: z.string().max(2000),
  Type: z.enum(['PLAINTEXT', 'SECRETS_MANAGER']).optional(),
});

const actionShape = z.strictObject({
  Name: z.string(),
  ActionTypeId: z.strictObject({
    Category: z.enum(['Approval', 'Build', 'Compute', 'Deploy', 'Invoke', 'Source', 'Test']),
    Owner: z.enum(['AWS', 'Custom', 'ThirdParty']),
    Provider: z.string(),
    Version: z.string(),
  }),
  Configuration: configuration,
  Commands: commands.optional(),
  OutputVariables: z
    .array(z.string().regex(/^[A-Za-z0-9_]{1,128}$/))
    .min(1)
    .max(15)
    .optional(),
  EnvironmentVariables: z.array(environmentVariable).max(10).optional(),
  InputArtifacts: inputArtifacts,
  OutputArtifacts: outputArtifacts,
  RoleArn: z.string().optional(),
  RunOrder: numeric.default(1),
  Namespace: z
    .string()
    .regex(/^[A-Za-z0-9@_-]{1,100}$/)
    .optional(),
  Region: z.string().optional(),
  TimeoutInMinutes: minutes.optional(),
});

const ruleShape = z.strictObject({
  Name: z.string().regex(/^[A-Za-z0-9.@_-]{1,100}$/),
  RuleTypeId: z.strictObject({
    Category: z.literal('Rule').default('Rule'),
    Owner: z.literal('AWS').default('AWS'),
    Provider: z.string(),
    Version: z.string().default('1'),
  }),
  Configuration: configuration,
  Commands: commands.optional(),
  InputArtifacts: inputArtifacts,
  RoleArn: z.string().optional(),
  Region: z.string().optional(),
  TimeoutInMinutes: minutes.optional(),
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

/** An action as it is declared. */
export type DeclaredAction = z.output<typeof actionShape>;

/** A rule as it is declared. */
export type DeclaredRule = z.output<typeof ruleShape>;
