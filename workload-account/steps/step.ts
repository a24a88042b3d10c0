import type { Artifact, IAction } from 'aws-cdk-lib/aws-codepipeline';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { Environment } from '../../shared/organisation-schema.ts';
import type { StageConditions } from './conditions.ts';

/** What a step builds on: where it is, and the artifacts of the steps before it. */
export interface StepContext {
  /** A construct of the step's own. */
  readonly scope: Construct;
  readonly environment: Environment;
  /** The name of the stage that the actions stand in. */
  readonly stage: string;
  readonly repository: string;
  readonly pipelineName: string;
  readonly source: Artifact;
  /** The last build's output; the source while there is none. */
  readonly built: Artifact;
  /** What the pipeline runs as: it assumes the roles of its actions. */
  readonly pipelineRole: IRole;
  readonly bucket: IBucket;
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
  /** What the owner said wrong about it, each with its mend; the owner's file is refused with them. @default - nothing */
  readonly mistakes?: readonly string[];
  /** Makes the actions, and the artifact that later steps build on, if the step makes one. */
  make(context: StepContext): { readonly actions: readonly IAction[]; readonly built?: Artifact };
}
