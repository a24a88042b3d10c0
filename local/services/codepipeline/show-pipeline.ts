import type { Action, Condition, Pipeline, Rule, Stage } from './tables.ts';

/** A pipeline's structure as GetPipeline shows it. */
export const showPipeline = ({ name, roleArn, executionMode, version, bucket, keyArn, ...pipeline }: Pipeline) => ({
  name,
  roleArn,
  executionMode,
  version,
  pipelineType: 'V2',
  artifactStore: {
    type: 'S3',
    location: bucket,
    ...(keyArn === undefined ? {} : { encryptionKey: { id: keyArn, type: 'KMS' } }),
  },
  stages: pipeline.stages.map(showStage),
  variables: pipeline.variables.map((variable) => ({
    name: variable.name,
    defaultValue: variable.default,
    description: variable.description,
  })),
});

const showStage = ({ name, actions, beforeEntry, onSuccess, onFailure }: Stage) => ({
  name,
  actions: actions.map(showAction),
  ...(beforeEntry === undefined ? {} : { beforeEntry: { conditions: [showCondition(beforeEntry)] } }),
  ...(onSuccess === undefined ? {} : { onSuccess: { conditions: [showCondition(onSuccess)] } }),
  ...(onFailure === undefined
    ? {}
    : {
        onFailure: {
          ...(onFailure.result === undefined ? {} : { result: onFailure.result }),
          ...(onFailure.result === 'RETRY' ? { retryConfiguration: { retryMode: onFailure.retryMode } } : {}),
          ...(onFailure.condition === undefined ? {} : { conditions: [showCondition(onFailure.condition)] }),
        },
      }),
});

const showCondition = ({ result, rules }: Condition) => ({ result, rules: rules.map(showRule) });

const showRule = (rule: Rule) => ({
  name: rule.name,
  ruleTypeId: ruleTypeOf(rule),
  configuration: rule.configuration,
  inputArtifacts: rule.inputs.map((name) => ({ name })),
  roleArn: rule.roleArn,
  commands: rule.commands,
  timeoutInMinutes: rule.timeoutMinutes,
});

/** A rule's type as the API names it. */
export const ruleTypeOf = ({ provider }: Pick<Rule, 'provider'>) => ({
  category: 'Rule',
  owner: 'AWS',
  provider,
  version: '1',
});

const showAction = (action: Action) => ({
  name: action.name,
  actionTypeId: actionTypeOf(action),
  runOrder: action.runOrder,
  configuration: action.configuration,
  inputArtifacts: action.inputs.map((name) => ({ name })),
  outputArtifacts: action.outputs.map((name) => ({ name, files: action.files })),
  roleArn: action.roleArn,
  commands: action.commands,
  outputVariables: action.outputVariables,
  ...(action.environment === undefined
    ? {}
    : {
        environmentVariables: Object.entries(action.environment).map(([name, value]) => ({
          name,
          value,
          type: action.secretVariables?.includes(name) ? 'SECRETS_MANAGER' : 'PLAINTEXT',
        })),
      }),
  namespace: action.namespace,
  timeoutInMinutes: action.timeoutMinutes,
});

/** An action's type as the API names it. */
export const actionTypeOf = ({ category, owner, provider, version }: Action) => ({
  category,
  owner,
  provider,
  version,
});
