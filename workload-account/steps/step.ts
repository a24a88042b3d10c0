import type { Artifact, IAction } from 'aws-cdk-lib/aws-codepipeline';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { NamedEnvironment } from '../../shared/names.ts';
import type { Environment } from '../../shared/organisation-schema.ts';
import type { PipelineArtifacts } from '../pipeline-artifacts.ts';
import type { StageConditions } from './conditions.ts';

/** What a step builds on: where it is, and the artifacts of the steps before it. */
export interface StepContext {
  /** A construct of the step's own. */
  readonly scope: Construct;
  readonly environment: Environment;
  /** The name of the stage that the actions stand in. */
  readonly stage: string;
  readonly repository: string;
  /** What the names of its stacks and roles begin with: the repository's name, and that of the part that the pipeline is for. */
  readonly service: string;
  readonly pipelineName: string;
  readonly source: Artifact;
  /** The last build's output; the source while there is none. */
  readonly built: Artifact;
  /** All artifacts of the steps before, by name: the source's, and each by the stage that makes it. */
  readonly made: ReadonlyMap<string, Artifact>;
  /** What the pipeline runs as: it assumes the roles of its actions. */
  readonly pipelineRole: IRole;
  /** Where they lie: an action gets its inputs and outputs by itself; for who else reads one, there is grantRead. */
  readonly artifacts: PipelineArtifacts;
  readonly key: IKey;
}

/** One stage's worth of an owner's pipeline. */
export interface Step {
  /** The stage's name, unique within the pipeline. */
  readonly stage: string;
  /** The steps inside, when it holds several. */
  readonly inner?: readonly Step[];
  /** The pipeline that it starts, if it starts one. */
  readonly starts?: string;
  readonly conditions?: StageConditions;
  /** The artifact that it reads, by the name of the stage that makes it. @default - the source, or the last build, as the step says */
  readonly input?: string;
  /** Whether it makes an artifact, which has its stage's name. @default false */
  readonly makesArtifact?: boolean;
  /** The account, beside the pipeline's own, that its actions deploy to. @default - none */
  readonly deploysTo?: NamedEnvironment;
  /** What the owner said wrong about it, each with its mend; the owner's file is refused with them. @default - nothing */
  readonly mistakes?: readonly string[];
  make(context: StepContext): MadeStep;
}

/** What a step makes: actions, the artifact that later steps build on, if there is one, and artifacts beside, which they may name. */
export interface MadeStep {
  readonly actions: readonly IAction[];
  readonly built?: Artifact;
  readonly others?: readonly Artifact[];
}

/** Makes a step that reads the artifact it names, in place of the source or the last build. */
export function makeStep(step: Step, context: StepContext): MadeStep {
  const input = step.input === undefined ? undefined : context.made.get(step.input);
  return step.make(input === undefined ? context : { ...context, source: input, built: input });
}
