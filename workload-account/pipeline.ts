import { Repository } from 'aws-cdk-lib/aws-codecommit';
import {
  Artifact,
  Pipeline as CodePipeline,
  ExecutionMode,
  type IAction,
  PipelineType,
  Variable,
} from 'aws-cdk-lib/aws-codepipeline';
import { CodeCommitSourceAction, CodeCommitTrigger } from 'aws-cdk-lib/aws-codepipeline-actions';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import {
  executionVariables,
  pipelineArn,
  pipelineName,
  pipelineRole,
  repositoryArn,
  sourceActionName,
  sourceRole,
  sourceStageName,
} from '../shared/names.ts';
import type { Environment, Organisation } from '../shared/organisation-schema.ts';
import type { Artifacts } from './artifacts.ts';
import { PipelineArtifacts } from './pipeline-artifacts.ts';
import type { PipelineDefinition } from './pipeline-definition.ts';
import { stageConditions } from './steps/conditions.ts';
import { makeStep, type StepContext } from './steps/step.ts';

/** What a pipeline is made from. */
export interface EnvironmentPipelineProps {
  readonly organisation: Organisation;
  readonly environment: Environment;
  readonly definition: PipelineDefinition;
  readonly artifacts: Artifacts;
}

/** Run: one pipeline of an environment, in its owner's stages behind a source that only the starter starts, at the commit it names. */
export class EnvironmentPipeline extends Construct {
  readonly pipelineName: string;
  readonly #props: EnvironmentPipelineProps;
  readonly #artifacts: PipelineArtifacts;

  constructor(scope: Construct, id: string, props: EnvironmentPipelineProps) {
    super(scope, id);
    this.#props = props;
    this.pipelineName = pipelineName(props.definition.service, props.environment.name);
    this.#artifacts = new PipelineArtifacts(this, 'Artifacts', props.artifacts, this.pipelineName);
    const source = new Artifact(sourceStageName);
    const pipeline = this.#makePipeline();
    pipeline.addStage({ stageName: sourceStageName, actions: [this.#sourceAction(source)] });
    this.#addSteps(pipeline, source);
    pipeline.node.addDependency(props.artifacts);
  }

  #makePipeline(): CodePipeline {
    const { definition } = this.#props;
    const { generation, mergeId, author, title, unset } = executionVariables;
    return new CodePipeline(this, 'Pipeline', {
      pipelineName: this.pipelineName,
      pipelineType: PipelineType.V2,
      executionMode: ExecutionMode[definition.executionMode],
      artifactBucket: this.#artifacts.bucket,
      role: this.#makeRole(),
      variables: Object.entries({
        [generation]: 'Which start of this pipeline it is, by the ledger',
        [mergeId]: 'The announced merge that led to it',
        [author]: 'Who wrote the commit, as git has it; nobody has proven it',
        [title]: "The first line of the commit's message",
      }).map(([variableName, description]) => new Variable({ variableName, description, defaultValue: unset })),
    });
  }

  #makeRole(): Role {
    const { environment } = this.#props;
    const { path, roleName } = pipelineRole(environment, this.pipelineName);
    return new Role(this, 'Role', {
      path,
      roleName,
      description: `Pipeline ${this.pipelineName} runs as this role; the DevOps account trusts its path`,
      assumedBy: new ServicePrincipal('codepipeline.amazonaws.com', {
        conditions: {
          StringEquals: { 'aws:SourceAccount': environment.account },
          ArnEquals: { 'aws:SourceArn': pipelineArn(environment, this.pipelineName) },
        },
      }),
    });
  }

  #sourceAction(output: Artifact): IAction {
    const { organisation, environment, definition } = this.#props;
    const { devops } = organisation;
    return new CodeCommitSourceAction({
      actionName: sourceActionName,
      repository: Repository.fromRepositoryArn(this, 'Repository', repositoryArn(devops, definition.repository)),
      branch: environment.branch,
      output,
      trigger: CodeCommitTrigger.NONE,
      role: Role.fromRoleArn(this, 'SourceRole', sourceRole(devops, environment.name).arn, { mutable: false }),
      variablesNamespace: 'SourceVariables',
    });
  }

  #addSteps(pipeline: CodePipeline, source: Artifact): void {
    const { environment, definition, artifacts } = this.#props;
    let built = source;
    const known = new Map([[sourceStageName, source]]);
    for (const step of definition.steps) {
      const context: StepContext = {
        scope: new Construct(this, step.stage),
        environment,
        stage: step.stage,
        repository: definition.repository,
        service: definition.service,
        pipelineName: this.pipelineName,
        source,
        built,
        made: new Map(known),
        pipelineRole: pipeline.role,
        artifacts: this.#artifacts,
        key: artifacts.key,
      };
      const made = makeStep(step, context);
      const conditions = stageConditions(step.stage, step.conditions ?? {}, context);
      const actions = made.actions.map((action) => this.#artifacts.confined(action));
      pipeline.addStage({ stageName: step.stage, actions, ...conditions });
      built = made.built ?? built;
      for (const artifact of [built, ...(made.others ?? [])]) known.set(artifact.artifactName ?? '', artifact);
    }
  }
}
