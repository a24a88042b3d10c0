import { isDeepStrictEqual } from 'node:util';
import type { Stack } from 'aws-cdk-lib';
import { actionPattern, executionAndStagePattern } from '../events/pipeline-state.ts';
import { Fault } from '../shared/fault.ts';
import {
  artifactBucketName,
  artifactKeyAlias,
  boundaryName,
  devopsBusArn,
  environmentPrefix,
  executionVariables,
  pipelineArn,
  pipelineName,
  pipelineRole,
  sourceRole,
  sourceStageName,
} from '../shared/names.ts';
import type { Environment, Organisation } from '../shared/organisation-schema.ts';
import { unboundedGrants } from './contract-grants.ts';
import type { PipelineDefinition } from './pipeline-definition.ts';
import { ResolvedResources } from './resolved-resources.ts';
import { referenceMistakes, type Stage, unfilledReferences } from './variable-references.ts';

/** What the contract is held against. */
export interface Contract {
  readonly organisation: Organisation;
  readonly environment: Environment;
  readonly definitions: readonly PipelineDefinition[];
}

/**
 * Holds an environment's stack to what keeps traces whole whatever its owner adds: each pipeline's source is read at the commit that the starter names
 * and by nobody else's wish, its states are reported home, what it deploys stays within the account's boundary, and its artifacts lie where the DevOps
 * account brings them. Synthesis ends with ContractBroken, or with OwnerFileInvalid where only a variable is wrong.
 */
export function keepContract(stack: Stack, contract: Contract): void {
  stack.node.addValidation({
    validate: () => {
      const resources = new ResolvedResources(stack);
      const breaches = breachesIn(resources, contract);
      if (breaches.length > 0) throw new Fault('ContractBroken', `${stack.stackName}: ${breaches.join('; ')}`);
      const mistakes = contract.definitions.flatMap((definition) => mistakesIn(resources, contract, definition));
      if (mistakes.length > 0) throw new Fault('OwnerFileInvalid', mistakes.join('; '));
      return [];
    },
  });
}

/** All breaches, each with its mend. */
export function breachesIn(resources: ResolvedResources, contract: Contract): readonly string[] {
  return [
    ...contract.definitions.flatMap((definition) => pipelineBreaches(resources, contract, definition)),
    ...startedBreaches(resources, contract),
    ...reportBreaches(resources, contract),
    ...roleBreaches(resources, contract),
    ...storeBreaches(resources, contract),
  ];
}

interface PipelineProperties {
  readonly PipelineType?: string;
  readonly ArtifactStore?: { readonly Location?: unknown; readonly EncryptionKey?: { readonly Id?: unknown } };
  readonly RoleArn?: unknown;
  readonly Stages?: readonly Stage[];
  readonly Triggers?: readonly unknown[];
  readonly Variables?: readonly { readonly Name?: string; readonly DefaultValue?: string }[];
}

function propertiesOf(resources: ResolvedResources, name: string): PipelineProperties | undefined {
  const found = resources.ofType('AWS::CodePipeline::Pipeline').find(({ properties }) => properties['Name'] === name);
  return found?.properties;
}

function mistakesIn(resources: ResolvedResources, { environment }: Contract, definition: PipelineDefinition) {
  const made = propertiesOf(resources, pipelineName(definition.service, environment.name));
  const variables = (made?.Variables ?? []).flatMap(({ Name }) => Name ?? []);
  const place = (definition.place ?? '') === '' ? '' : `${definition.place}: `;
  const stages = made?.Stages ?? [];
  const unfilled = resources
    .ofType('AWS::CodeBuild::Project')
    .flatMap(({ properties }) =>
      unfilledReferences(stages, properties).map(
        (reference) =>
          `project ${String(properties['Name'])} has #{${reference}}, which CodePipeline fills in actions only: give it as a variable of the step's environment and read that`,
      ),
    );
  return [...referenceMistakes(stages, variables), ...unfilled].map(
    (mistake) => `${place}pipeline('${definition.service}'): ${mistake}`,
  );
}

function pipelineBreaches(
  resources: ResolvedResources,
  { organisation, environment }: Contract,
  { service, repository }: PipelineDefinition,
): readonly string[] {
  const name = pipelineName(service, environment.name);
  const made = propertiesOf(resources, name);
  if (made === undefined) return [`no pipeline is named ${name}, so its merges would start nothing: keep the name`];
  const [first, ...later] = made.Stages ?? [];
  const source = first?.Actions[0];
  const { path, roleName } = pipelineRole(environment, name);
  const role = resources.behind(made.RoleArn)?.properties ?? {};
  const { Location, EncryptionKey } = made.ArtifactStore ?? {};
  const { unset, ...variables } = executionVariables;
  const has = (variable: string): boolean =>
    made.Variables?.some(({ Name, DefaultValue }) => Name === variable && DefaultValue === unset) === true;
  const kept: readonly (readonly [boolean, string])[] = [
    [made.PipelineType === 'V2', `${name} is no V2 pipeline, which alone starts at a commit: leave its type as it is`],
    [made.Triggers === undefined, `${name} has triggers of its own: take them away, for merges start it`],
    [
      Object.values(variables).every(has),
      `${name} lacks one of the variables ${Object.values(variables).join(', ')} with the default '${unset}': leave them as they are`,
    ],
    [
      first?.Name === sourceStageName &&
        first.Actions.length === 1 &&
        isDeepStrictEqual(source?.Configuration, {
          RepositoryName: repository,
          BranchName: environment.branch,
          PollForSourceChanges: false,
        }),
      `${name} does not read ${repository} on ${environment.branch} without polling: leave its stage ${sourceStageName} as it is`,
    ],
    [
      source?.RoleArn === sourceRole(organisation.devops, environment.name).arn,
      `${name} reads the repository as another role than the DevOps account admits: leave the action's role as it is`,
    ],
    [
      !later.some(({ Actions }) => Actions.some(({ ActionTypeId }) => ActionTypeId.Category === 'Source')),
      `${name} has a second source, which the starter does not pin: read it in a build`,
    ],
    [
      role['Path'] === path && role['RoleName'] === roleName,
      `${name} runs as another role than ${path}${roleName}: leave its role as it is`,
    ],
    [
      resources.behind(Location)?.properties['BucketName'] === artifactBucketName(environment) &&
        resources.behind(EncryptionKey?.Id)?.logicalId === keyOf(resources, environment)?.logicalId,
      `${name} keeps its artifacts elsewhere than in the environment's bucket and under its key: leave its store as it is`,
    ],
  ];
  return kept.flatMap(([isKept, breach]) => (isKept ? [] : [breach]));
}

/** Whatever else starts a pipeline starts it at the head of its branch, past freezes and ledger. */
function startedBreaches(resources: ResolvedResources, { environment, definitions }: Contract): readonly string[] {
  const own = definitions.map(({ service }) => pipelineName(service, environment.name));
  const starts = (target: unknown): string | undefined =>
    own.find(
      (name) =>
        target === pipelineArn(environment, name) ||
        resources.behind(target)?.properties['Name'] === name ||
        JSON.stringify(target ?? null).includes(`:${name}"`),
    );
  const targets = [
    ...resources
      .ofType('AWS::Events::Rule')
      .flatMap((each) =>
        ((each.properties['Targets'] ?? []) as { Arn?: unknown }[]).map(({ Arn }) => [each, Arn] as const),
      ),
    ...resources
      .ofType('AWS::Scheduler::Schedule')
      .map((each) => [each, (each.properties['Target'] as { Arn?: unknown } | undefined)?.Arn] as const),
  ];
  return targets.flatMap(([{ logicalId }, target]) => {
    const started = starts(target);
    return started === undefined
      ? []
      : [`${logicalId} starts ${started} beside the starter: take it away, for merges alone start it`];
  });
}

function reportBreaches(
  resources: ResolvedResources,
  { organisation, environment, definitions }: Contract,
): readonly string[] {
  const { account, name } = environment;
  const pipelines = definitions.map(({ service }) => pipelineName(service, name));
  const wanted = {
    [`${environmentPrefix(name)}-report-stages`]: executionAndStagePattern({ account, pipelines }),
    [`${environmentPrefix(name)}-report-actions`]: actionPattern({ account, pipelines }),
  };
  return Object.entries(wanted).flatMap(([rule, pattern]) => {
    const found = resources.ofType('AWS::Events::Rule').find(({ properties }) => properties['Name'] === rule);
    const { State = 'ENABLED', EventPattern, Targets } = (found?.properties ?? {}) as Record<string, unknown>;
    const [target] = (Targets ?? []) as readonly { readonly Arn?: unknown; readonly DeadLetterConfig?: unknown }[];
    const isKept =
      State === 'ENABLED' &&
      isDeepStrictEqual(EventPattern, pattern) &&
      target?.Arn === devopsBusArn(organisation.devops) &&
      target.DeadLetterConfig !== undefined;
    return isKept ? [] : [`the rule ${rule} does not report all states home any more: leave it as it is`];
  });
}

/** The DevOps account trusts a path of roles, and what is deployed must be bounded. */
function roleBreaches(resources: ResolvedResources, { environment, definitions }: Contract): readonly string[] {
  const { path } = pipelineRole(environment, '');
  const own = definitions.map(({ service }) => pipelineName(service, environment.name));
  const strange = resources
    .ofType('AWS::IAM::Role')
    .filter(({ properties }) => properties['Path'] === path && !own.includes(String(properties['RoleName'])));
  const name = boundaryName(environment.name);
  const hasBoundary = resources
    .ofType('AWS::IAM::ManagedPolicy')
    .some(({ properties }) => properties['ManagedPolicyName'] === name);
  return [
    ...strange.map(
      ({ logicalId }) =>
        `role ${logicalId} stands in ${path}, which the DevOps account lets read sources: give it another path`,
    ),
    ...(hasBoundary ? [] : [`no policy is named ${name}, so nothing could be deployed: leave the boundary as it is`]),
    ...unboundedGrants(resources).map(
      ({ logicalId, action }) =>
        `${logicalId} allows ${action} without the condition iam:PermissionsBoundary, so what is deployed could leave the boundary: add it, as workload-account/stack-deployment.ts does`,
    ),
  ];
}

function storeBreaches(resources: ResolvedResources, { environment }: Contract): readonly string[] {
  const bucket = artifactBucketName(environment);
  const hasBucket = resources.ofType('AWS::S3::Bucket').some(({ properties }) => properties['BucketName'] === bucket);
  return [
    ...(hasBucket ? [] : [`no bucket is named ${bucket}, where the DevOps account brings sources: keep the name`]),
    ...(keyOf(resources, environment) === undefined
      ? [`no key has the alias ${artifactKeyAlias(environment.name)}, by which policies know it: keep the alias`]
      : []),
  ];
}

const keyOf = (resources: ResolvedResources, { name }: Environment) =>
  resources.behind(
    resources.ofType('AWS::KMS::Alias').find(({ properties }) => properties['AliasName'] === artifactKeyAlias(name))
      ?.properties['TargetKeyId'],
  );
