import type { World } from '../../world/world.ts';
import { emit } from '../events/emit.ts';
import type { Build, BuildPhase, BuildStatus } from './tables.ts';

/** Tells a build's start or end: `CodeBuild Build State Change`. Source: "Build notifications input format reference" of the CodeBuild guide. */
export function tellState(world: World, build: Build, status: BuildStatus): void {
  const ended = status !== 'IN_PROGRESS';
  tell(world, build, 'CodeBuild Build State Change', {
    'build-status': status,
    'project-name': build.project.name,
    'build-id': build.arn,
    'current-phase': ended ? 'COMPLETED' : 'SUBMITTED',
    'current-phase-context': '[]',
    'additional-information': information(build, ended),
    version: '1',
  });
}

/** Tells the end of a phase: `CodeBuild Build Phase Change`. Source: as above. */
export function tellPhase(world: World, build: Build, phase: BuildPhase): void {
  const { type, status, startedAt, endedAt = startedAt } = phase;
  tell(world, build, 'CodeBuild Build Phase Change', {
    'completed-phase': type,
    'project-name': build.project.name,
    'build-id': build.arn,
    'completed-phase-context': contextOf(phase),
    'additional-information': information(build, type === 'COMPLETED'),
    // COMPLETED itself has no status; AWS tells it as succeeded.
    'completed-phase-status': status ?? 'SUCCEEDED',
    'completed-phase-duration-seconds': seconds(startedAt, endedAt),
    version: '1',
    'completed-phase-start': spelled(startedAt),
    'completed-phase-end': spelled(endedAt),
  });
}

function tell(world: World, { project, arn, cause }: Build, detailType: string, detail: object): void {
  const { account, region } = project;
  emit(world, { account, region, cause, source: 'aws.codebuild', detailType, resources: [arn], detail });
}

function information(build: Build, complete: boolean): object {
  const { project, source, outputs } = build;
  const [output] = outputs;
  return {
    ...(output === undefined || !complete
      ? {}
      : { artifact: { location: `arn:aws:s3:::${output.bucket}/${output.key}` } }),
    environment: {
      image: project.image,
      'privileged-mode': project.shape.environment.privilegedMode ?? false,
      'compute-type': project.shape.environment.computeType,
      type: project.shape.environment.type,
      'environment-variables': [...project.variables, ...build.variables],
    },
    'timeout-in-minutes': project.timeoutMinutes,
    'build-complete': complete,
    'build-number': build.number,
    initiator: build.initiator,
    'build-start-time': spelled(build.startedAt),
    source: source === undefined ? { type: 'NO_SOURCE' } : { location: `${source.bucket}/${source.key}`, type: 'S3' },
    ...(build.sourceVersion === undefined ? {} : { 'source-version': build.sourceVersion }),
    logs: { 'group-name': project.logGroup, 'stream-name': build.logStream },
    phases: build.phases.map((phase) => ({
      'phase-type': phase.type,
      'phase-context': phase.message === undefined ? [] : [contextOf(phase)],
      'start-time': spelled(phase.startedAt),
      ...(phase.status === undefined ? {} : { 'phase-status': phase.status }),
      ...(phase.endedAt === undefined
        ? {}
        : { 'end-time': spelled(phase.endedAt), 'duration-in-seconds': seconds(phase.startedAt, phase.endedAt) }),
    })),
  };
}

const contextOf = ({ message = '' }: BuildPhase): string => `[: ${message}]`;

const seconds = (startedAt: number, endedAt: number): number => Math.round((endedAt - startedAt) / 1000);

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `Sep 1, 2017 4:12:29 PM`, in UTC. */
function spelled(at: number): string {
  const date = new Date(at);
  const [hour, minute, second] = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()];
  const two = (number: number) => String(number).padStart(2, '0');
  return `${months[date.getUTCMonth()]} ${date.getUTCDate()}, ${date.getUTCFullYear()} ${hour % 12 || 12}:${two(minute)}:${two(second)} ${hour < 12 ? 'AM' : 'PM'}`;
}
