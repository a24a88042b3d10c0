import { join, relative } from 'node:path';
import type { IAction } from 'aws-cdk-lib/aws-codepipeline';
import type { Freeze, Hold } from '../events/freeze.ts';
import type { OpenHours } from '../events/open-hours.ts';
import type { Ending, Notice } from './notices.ts';
import { action } from './steps/action.ts';
import { type ApproveOptions, approve } from './steps/approve.ts';
import { type BuildOptions, build } from './steps/build.ts';
import { type CommandsOptions, commands } from './steps/commands.ts';
import type { StageConditions } from './steps/conditions.ts';
import { type DeployBeanstalkOptions, deployBeanstalk } from './steps/deploy-beanstalk.ts';
import { type DeployFunctionOptions, deployFunction } from './steps/deploy-function.ts';
import { type DeployServersOptions, deployServers } from './steps/deploy-servers.ts';
import { type DeployServiceOptions, deployService } from './steps/deploy-service.ts';
import { type DeploySiteOptions, deploySite } from './steps/deploy-site.ts';
import { type DeployStackOptions, deployStack } from './steps/deploy-stack.ts';
import { type InvokeOptions, invoke } from './steps/invoke.ts';
import type { StageRule } from './steps/rules.ts';
import { type RunStateMachineOptions, runStateMachine } from './steps/run-state-machine.ts';
import { sideBySide } from './steps/side-by-side.ts';
import { type StartPipelineOptions, startPipeline } from './steps/start-pipeline.ts';
import type { Step, StepContext } from './steps/step.ts';
import { type TestOptions, test } from './steps/test.ts';

/** `SUPERSEDED`: only the newest merge matters; `QUEUED`: each one is delivered. Source: facts 3.3. */
export type ExecutionMode = 'SUPERSEDED' | 'QUEUED';

/** What an owner wants of one pipeline. */
export interface PipelineDefinition {
  readonly repository: string;
  /** What its names begin with: the repository's name, and that of the part that it is for, where there is one. */
  readonly service: string;
  readonly executionMode: ExecutionMode;
  /** Globs of the paths that concern it; absent: all. */
  readonly paths?: readonly string[];
  readonly freezes: readonly Hold[];
  /** Environments that have to finish a commit first. */
  readonly required: readonly string[];
  readonly steps: readonly Step[];
  /** Who is told how executions end, beside the organisation's alarm address, which hears of all failures. */
  readonly notices: readonly Notice[];
  /** What was said where it means nothing, or twice with two meanings: a guard must not be lost without a word. */
  readonly mistakes?: readonly string[];
  /** Where it is written, as `workload-account/environments/prod.ts:5`; errors name it. @default - not known */
  readonly place?: string;
}

/**
 * Reads as the owner says it: `pipeline('orders').build().approve('Release?').deployStack()`. Each call answers a new definition, each step
 * becomes a stage.
 */
export class Pipeline implements PipelineDefinition {
  readonly repository: string;
  readonly service: string;
  readonly executionMode: ExecutionMode;
  readonly paths?: readonly string[];
  readonly freezes: readonly Hold[];
  readonly required: readonly string[];
  readonly steps: readonly Step[];
  readonly notices: readonly Notice[];
  readonly mistakes: readonly string[];
  readonly place: string;
  readonly #modeIsSaid: boolean;
  /** The ends of all sentences that one `pipeline()` began, and where each was written. */
  readonly #ends: Map<Pipeline, string>;

  constructor(definition: PipelineDefinition, modeIsSaid = false, ends = new Map<Pipeline, string>()) {
    const caller = placeOfCaller();
    this.#ends = ends.set(this, caller);
    this.place = fromCheckout(caller);
    this.repository = definition.repository;
    this.service = definition.service;
    this.executionMode = definition.executionMode;
    this.#modeIsSaid = modeIsSaid;
    this.mistakes = definition.mistakes ?? [];
    this.freezes = definition.freezes;
    this.required = definition.required;
    this.steps = definition.steps;
    this.notices = definition.notices;
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

  /** Runs commands over the source or another artifact, without a project: `.commands(['npm ci', 'npm test'])`. */
  commands(lines: readonly string[], options: CommandsOptions = {}): Pipeline {
    return this.step(commands(lines, options));
  }

  /** Waits for a person; without it, no hand touches a merge on its way. */
  approve(question: string, options: ApproveOptions = {}): Pipeline {
    return this.step(approve(question, options));
  }

  /** Creates or updates a CloudFormation stack from a template in the build's artifact. */
  deployStack(options: DeployStackOptions = {}): Pipeline {
    return this.step(deployStack(options));
  }

  /** Brings the build's files to tagged servers with CodeDeploy, in place, and back when that fails. */
  deployServers(options: DeployServersOptions): Pipeline {
    return this.step(deployServers(options));
  }

  /** Publishes the build's files as a new version of a Lambda function and brings the traffic of its alias over, step by step. */
  deployFunction(functionName: string, options: DeployFunctionOptions = {}): Pipeline {
    return this.step(deployFunction(functionName, options));
  }

  /** Puts new containers of an ECS service beside the old ones and brings the traffic over. */
  deployService(options: DeployServiceOptions): Pipeline {
    return this.step(deployService(options));
  }

  /** Brings the build's files to an environment of Elastic Beanstalk. */
  deployBeanstalk(options: DeployBeanstalkOptions): Pipeline {
    return this.step(deployBeanstalk(options));
  }

  /** Lays the build's files into a bucket. */
  deploySite(bucketName: string, options: DeploySiteOptions = {}): Pipeline {
    return this.step(deploySite(bucketName, options));
  }

  /** Calls a Lambda function and waits for its answer. */
  invoke(functionName: string, options: InvokeOptions = {}): Pipeline {
    return this.step(invoke(functionName, options));
  }

  /** Runs a state machine of Step Functions and waits for its end. */
  runStateMachine(name: string, options: RunStateMachineOptions = {}): Pipeline {
    return this.step(runStateMachine(name, options));
  }

  /** Starts another pipeline of the account, one that no merge starts. */
  startPipeline(name: string, options: StartPipelineOptions = {}): Pipeline {
    return this.step(startPipeline(name, options));
  }

  /** Several steps as one stage, at the same time: `.sideBySide('Verify', test({ … }), invoke('smoke'))`. */
  sideBySide(stage: string, ...steps: readonly Step[]): Pipeline {
    return this.step(sideBySide(stage, ...steps));
  }

  /** Any other action of CDK's, as a stage. */
  action(stage: string, make: (context: StepContext) => IAction): Pipeline {
    return this.step(action(stage, make));
  }

  /** The step before begins only while these hold, and its stage fails otherwise: `.onlyWhen(window('* * 9-17 ? * MON-FRI *'))`. */
  onlyWhen(...entry: readonly StageRule[]): Pipeline {
    return this.#withRules('onlyWhen', { entry });
  }

  /** The step before is passed over unless these hold. */
  skippedUnless(...skippedUnless: readonly StageRule[]): Pipeline {
    return this.#withRules('skippedUnless', { skippedUnless });
  }

  /** The step before, gone well, is rolled back unless these hold: `.rolledBackUnless(alarmQuiet('errors', { waitMinutes: 10 }))`. */
  rolledBackUnless(...rolledBackUnless: readonly StageRule[]): Pipeline {
    return this.#withRules('rolledBackUnless', { rolledBackUnless });
  }

  /** The step before, when it fails, is tried once more, or goes back to the last execution that went well. */
  onFailure(onFailure: 'retry' | 'roll back'): Pipeline {
    const said = this.steps.at(-1)?.conditions?.onFailure;
    return said === undefined || said === onFailure
      ? this.#withConditions('onFailure', { onFailure })
      : this.#mistaken(`onFailure('${onFailure}') comes after onFailure('${said}'): keep one of them`);
  }

  #withRules(name: string, conditions: Readonly<Record<string, readonly StageRule[]>>): Pipeline {
    return Object.values(conditions).flat().length === 0
      ? this.#mistaken(`${name}() names no rule: give it one, or leave it out`)
      : this.#withConditions(name, conditions);
  }

  /** Rules are added to those that the step has: all must hold. */
  #withConditions(name: string, conditions: StageConditions): Pipeline {
    const last = this.steps.at(-1);
    if (last === undefined)
      return this.#mistaken(`${name}() stands before the first step: write it after the step that it is about`);
    return this.#with({
      steps: [...this.steps.slice(0, -1), { ...last, conditions: both(last.conditions, conditions) }],
    });
  }

  /**
   * Tells people by e-mail, or topics by their ARN, how executions end: `.notify(['shop@example.com'], { of: ['FAILED'] })`. A chat
   * application hears of it when it listens to such a topic.
   */
  notify(to: readonly string[], { of = ['SUCCEEDED', 'FAILED'] }: { readonly of?: readonly Ending[] } = {}): Pipeline {
    return this.#with({ notices: [...this.notices, { to, of }] });
  }

  /** Adds any step. */
  step(step: Step): Pipeline {
    return this.#with({ steps: [...this.steps, step] });
  }

  /** @default 'SUPERSEDED' */
  mode(executionMode: ExecutionMode): Pipeline {
    return this.#modeIsSaid && executionMode !== this.executionMode
      ? this.#mistaken(`mode('${executionMode}') comes after mode('${this.executionMode}'): keep one of them`)
      : this.#with({ executionMode }, true);
  }

  /** Starts only for merges that change such a path; a glob that begins with `!` takes paths out again. */
  onlyFor(...paths: readonly string[]): Pipeline {
    return this.paths === undefined
      ? this.#with({ paths })
      : this.#mistaken('onlyFor() is said twice: name all paths in one, in their order');
  }

  /** Starts nothing in that time; merges are held until it ends, and then the newest head goes. What runs when it begins goes on. */
  freeze(freeze: Freeze): Pipeline {
    return this.#with({ freezes: [...this.freezes, freeze] });
  }

  /**
   * Starts something only in these hours of the week: `.openHours(['Mon-Fri 09:00-17:00'], { zone: 'Europe/Berlin', reason: 'office hours' })`.
   * Outside of them merges are held, and the newest head goes when they open; what runs when they close goes on.
   */
  openHours(open: readonly string[], options: Pick<OpenHours, 'zone' | 'reason'>): Pipeline {
    const { zone = '', reason = '' } = (options ?? {}) as Partial<OpenHours>;
    return this.#with({ freezes: [...this.freezes, { open, zone, reason }] });
  }

  /** Starts only what those environments' pipelines of it have finished, the commit or its tree; else merges are held: `.requires('staging')`. */
  requires(...required: readonly string[]): Pipeline {
    return this.#with({ required: [...this.required, ...required] });
  }

  #mistaken(mistake: string): Pipeline {
    return this.#with({ mistakes: [...this.mistakes, mistake] });
  }

  /** Lines of a file in which a sentence ends that is not among these: what it added would be lost. */
  lostIn(file: string, kept: readonly unknown[]): readonly string[] {
    return [...this.#ends].flatMap(([end, place]) =>
      kept.includes(end) || !place.includes(file) ? [] : [place.split(file)[1]?.split(':')[1] ?? ''],
    );
  }

  #with(change: Partial<PipelineDefinition>, modeIsSaid = this.#modeIsSaid): Pipeline {
    this.#ends.delete(this);
    return new Pipeline({ ...this, ...change }, modeIsSaid, this.#ends);
  }
}

/** The line of the stack that called into this file. */
const placeOfCaller = (): string =>
  new Error().stack?.split('\n').find((line) => line.includes(':') && !/pipeline-definition|^\w*Error/.test(line)) ??
  '';

const checkout = join(import.meta.dirname, '..');

/** `at file:///…/environments/prod.ts:5:3` as `environments/prod.ts:5`, from the checkout on. */
function fromCheckout(line: string): string {
  const [, file = '', number = ''] =
    /((?:\/|[A-Z]:).*?)(?:\?[^:]*)?:(\d+):\d+\)?$/.exec(line.replace('file://', '')) ?? [];
  return file === '' ? '' : `${relative(checkout, file)}:${number}`;
}

function both(before: StageConditions = {}, after: StageConditions): StageConditions {
  const lists = (['entry', 'skippedUnless', 'rolledBackUnless'] as const).flatMap((name) => {
    const rules = [...(before[name] ?? []), ...(after[name] ?? [])];
    return rules.length === 0 ? [] : [[name, rules] as const];
  });
  return { ...before, ...after, ...Object.fromEntries(lists) };
}

/**
 * A pipeline of a repository, without steps yet. A repository that holds several services has one for each, by a part of its own:
 * `pipeline('shop', 'web').onlyFor('web/**')` is the pipeline `shop-web-<environment>`, and its stacks are named so too.
 */
export const pipeline = (repository: string, part?: string): Pipeline =>
  new Pipeline({
    repository,
    service: part === undefined ? repository : `${repository}-${part}`,
    executionMode: 'SUPERSEDED',
    freezes: [],
    required: [],
    steps: [],
    notices: [],
  });

/** What an environment's file exports: its pipelines. */
export const pipelines = (...definitions: readonly PipelineDefinition[]): readonly PipelineDefinition[] => definitions;
