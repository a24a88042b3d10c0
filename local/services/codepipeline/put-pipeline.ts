import { AwsError } from '../../world/failure.ts';
import type { Place } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { roles } from '../iam/tables.ts';
import { readStage, readStore } from './declaration.ts';
import { changeDoor, forgetDoors } from './doors.ts';
import { startExecution } from './engine.ts';
import { forgetPipeline } from './records.ts';
import type { Declared } from './shape.ts';
import { checkStructure } from './structure.ts';
import { type Pipeline, pipelineArn, pipelines, requestTokens, versions } from './tables.ts';

const mostPipelines = 1000;

/** Who makes or changes a pipeline where, and because of what. */
interface Putting extends Place {
  readonly world: World;
  readonly by: string;
  readonly cause: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** Makes a pipeline, which starts it, or changes it. Throws InvalidStructureException, LimitExceededException, or StackFailed for what is not played. */
export function putPipeline(declared: Declared, at: Putting): Pipeline {
  const { world, account, region } = at;
  const arn = pipelineArn(declared.Name, at);
  const all = world.store.in(pipelines);
  const known = all.get(arn);
  if (!world.store.in(roles).has(declared.RoleArn))
    throw new AwsError('InvalidStructureException', `the pipeline role ${declared.RoleArn} does not exist`);
  const here = (row: Pipeline) => row.account === account && row.region === region;
  if (known === undefined && all.where(here).length >= mostPipelines)
    throw new AwsError('LimitExceededException', `An account has at most ${mostPipelines} pipelines in a region`);
  const made = read(declared, at, known);
  checkStructure(world, made);
  all.put(arn, made);
  world.store.in(versions).put(`${arn}/${made.version}`, made);
  disableTransitions(world, made, declared.DisableInboundStageTransitions, at.by);
  const type =
    known === undefined ? 'CreatePipeline' : declared.RestartExecutionOnUpdate ? 'StartPipelineExecution' : undefined;
  if (type !== undefined)
    startExecution(world, made, {
      trigger: { type, detail: at.by },
      variables: defaults(made),
      pinned: {},
      cause: at.cause,
    });
  return made;
}

function read(declared: Declared, { world, account, region, tags }: Putting, known: Pipeline | undefined): Pipeline {
  const now = world.clock.now();
  const store = readStore(declared, region);
  const keyArn = store.EncryptionKey?.Id;
  return {
    arn: pipelineArn(declared.Name, { account, region }),
    account,
    region,
    name: declared.Name,
    version: (known?.version ?? 0) + 1,
    roleArn: declared.RoleArn,
    executionMode: declared.ExecutionMode,
    variables: declared.Variables.map(({ Name, DefaultValue, Description }) => ({
      name: Name,
      ...(DefaultValue === undefined ? {} : { default: DefaultValue }),
      ...(Description === undefined ? {} : { description: Description }),
    })),
    stages: declared.Stages.map((stage) => readStage(stage, { world, account, region })),
    bucket: store.Location,
    tags,
    createdAt: known?.createdAt ?? now,
    updatedAt: now,
    ...(keyArn === undefined ? {} : { keyArn }),
  };
}

/** Shuts the doors that a template declares shut. Who opened one by hand since then finds it shut again after an update, as on AWS. */
function disableTransitions(
  world: World,
  pipeline: Pipeline,
  disabled: Declared['DisableInboundStageTransitions'],
  by: string,
): void {
  for (const { StageName, Reason } of disabled)
    changeDoor(world, pipeline, StageName, { disabled: { reason: Reason, by, at: world.clock.now() } });
}

/** Forgets a pipeline with its history; what runs of it ends by itself. */
export function deletePipelineRow(world: World, arn: string): void {
  const known = world.store.in(pipelines).get(arn);
  if (known === undefined) return;
  world.store.in(pipelines).delete(arn);
  for (let version = 1; version <= known.version; version++) world.store.in(versions).delete(`${arn}/${version}`);
  forgetDoors(world, known);
  forgetPipeline(world, arn);
  // A pipeline of the same name is another one: an old request must not be answered with a run that is gone.
  const tokens = world.store.in(requestTokens);
  for (const key of tokens.keys()) if (key.startsWith(`${arn}/`)) tokens.delete(key);
}

/** The variables of a run that was started without any. */
export const defaults = ({ variables }: Pipeline): Record<string, string> =>
  Object.fromEntries(variables.flatMap(({ name, default: value }) => (value === undefined ? [] : [[name, value]])));
