import type { Freeze } from '../events/freeze.ts';
import { type ApproveOptions, approve } from './steps/approve.ts';
import { type BuildOptions, build } from './steps/build.ts';
import { type DeployStackOptions, deployStack } from './steps/deploy-stack.ts';
import type { Step } from './steps/step.ts';
import { type TestOptions, test } from './steps/test.ts';

/** `SUPERSEDED`: only the newest merge matters; `QUEUED`: each one is delivered. Source: facts 3.3. */
export type ExecutionMode = 'SUPERSEDED' | 'QUEUED';

/** What an owner wants of one pipeline. */
export interface PipelineDefinition {
  readonly repository: string;
  readonly executionMode: ExecutionMode;
  /** Globs of the paths that concern it; absent: all. */
  readonly paths?: readonly string[];
  readonly freezes: readonly Freeze[];
  readonly steps: readonly Step[];
}

/**
 * Reads as the owner says it: `pipeline('orders').build().approve('Release?').deployStack()`. Each call answers a new definition, each step
 * becomes a stage.
 */
export class Pipeline implements PipelineDefinition {
  readonly repository: string;
  readonly executionMode: ExecutionMode;
  readonly paths?: readonly string[];
  readonly freezes: readonly Freeze[];
  readonly steps: readonly Step[];

  constructor(definition: PipelineDefinition) {
    this.repository = definition.repository;
    this.executionMode = definition.executionMode;
    this.freezes = definition.freezes;
    this.steps = definition.steps;
    if (definition.paths !== undefined) this.paths = definition.paths;
  }

  /** Builds and tests with CodeBuild, by the repository's own buildspec. */
  build(options: BuildOptions = {}): Pipeline {
    return this.step(build(options));
  }

  /** Runs tests with CodeBuild: commands, or a buildspec of their own. */
  test(options: TestOptions): Pipeline {
    return this.step(test(options));
  }

  /** Waits for a person; without it, no hand touches a merge on its way. */
  approve(question: string, options: ApproveOptions = {}): Pipeline {
    return this.step(approve(question, options));
  }

  /** Creates or updates a CloudFormation stack from a template in the build's artifact. */
  deployStack(options: DeployStackOptions = {}): Pipeline {
    return this.step(deployStack(options));
  }

  /** Adds any step. */
  step(step: Step): Pipeline {
    return new Pipeline({ ...this, steps: [...this.steps, step] });
  }

  /** @default 'SUPERSEDED' */
  mode(executionMode: ExecutionMode): Pipeline {
    return new Pipeline({ ...this, executionMode });
  }

  /** Starts only for merges that change such a path; a glob that begins with `!` takes paths out again. */
  onlyFor(...paths: readonly string[]): Pipeline {
    return new Pipeline({ ...this, paths });
  }

  /** Starts nothing in that time; merges are held until it ends, and then the newest head goes. */
  freeze(freeze: Freeze): Pipeline {
    return new Pipeline({ ...this, freezes: [...this.freezes, freeze] });
  }
}

/** A pipeline of a repository, without steps yet. */
export const pipeline = (repository: string): Pipeline =>
  new Pipeline({ repository, executionMode: 'SUPERSEDED', freezes: [], steps: [] });

/** What an environment's file exports: its pipelines. */
export const pipelines = (...definitions: readonly PipelineDefinition[]): readonly PipelineDefinition[] => definitions;
