import type { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import type { Access, Place } from '../../world/service.ts';
import { table } from '../../world/store.ts';
import type { World } from '../../world/world.ts';
import type { ProjectShape, variable } from './project-shape.ts';

/** A variable of a build's environment. */
export type BuildVariable = z.output<typeof variable>;

/** A project. */
export interface Project extends Place {
  readonly arn: string;
  readonly name: string;
  /** As it was asked for: what BatchGetProjects shows and UpdateProject starts from. */
  readonly shape: ProjectShape;
  readonly roleArn: string;
  readonly sourceType: 'CODEPIPELINE' | 'NO_SOURCE' | 'S3';
  /** A path in the source, or the buildspec's text. */
  readonly buildspec: string;
  readonly image: string;
  readonly variables: readonly BuildVariable[];
  readonly keyArn?: string;
  readonly timeoutMinutes: number;
  readonly logGroup: string;
  readonly logs: boolean;
  /** Milliseconds of world time. */
  readonly createdAt: number;
  readonly modifiedAt: number;
}

/** Where a build's output goes. */
export interface OutputPlace {
  readonly identifier: string;
  readonly bucket: string;
  readonly key: string;
  /** Of a batch's build: the buildspec's primary artifact, or the secondary one of that identifier; without it the count of outputs says. */
  readonly of?: 'primary' | 'secondary';
  /** True where a buildspec may declare no such artifact. */
  readonly optional?: boolean;
}

export type BuildStatus = 'SUCCEEDED' | 'FAILED' | 'FAULT' | 'TIMED_OUT' | 'IN_PROGRESS' | 'STOPPED';

/** One phase of a build that began. */
export interface BuildPhase {
  readonly type: string;
  /** COMPLETED has none. */
  readonly status?: BuildStatus;
  readonly startedAt: number;
  readonly endedAt?: number;
  readonly message?: string;
}

/** Where a source lies, as a zip. */
interface SourcePlace {
  readonly bucket: string;
  readonly key: string;
}

/** A build. */
export interface Build {
  /** `<project>:<uuid>`. */
  readonly id: string;
  readonly arn: string;
  readonly number: number;
  readonly project: Project;
  readonly status: BuildStatus;
  readonly reason?: string;
  readonly phases: readonly BuildPhase[];
  readonly source?: SourcePlace;
  /** Sources beside the primary one. */
  readonly secondarySources: readonly (SourcePlace & { readonly identifier: string })[];
  readonly sourceVersion?: string;
  /** The members of StartBuild, for RetryBuild. */
  readonly wanted: unknown;
  /** The key of the session it acts with, when that is not the project's role's: a Commands action has no project of its own. */
  readonly accessKeyId?: string;
  /** The batch that began it, and which of its builds it is. */
  readonly batch?: { readonly arn: string; readonly identifier: string };
  /** The pipeline that began it. */
  readonly pipeline?: string;
  readonly outputs: readonly OutputPlace[];
  readonly variables: readonly BuildVariable[];
  readonly keyArn?: string;
  readonly initiator: string;
  readonly logStream: string;
  readonly exported: Readonly<Record<string, string>>;
  /** The reports that it made. */
  readonly reportArns?: readonly string[];
  readonly startedAt: number;
  readonly endedAt?: number;
  readonly cause: string;
}

/** By ARN. */
export const projects = table<Project>('codebuild/projects');
/** By id. */
export const builds = table<Build>('codebuild/builds');

export const projectArn = (name: string, { account, region }: Place): string =>
  name.startsWith('arn:') ? name : `arn:aws:codebuild:${region}:${account}:project/${name}`;

/** The project of that name or ARN. Throws ResourceNotFoundException. */
export function findProject(world: World, name: string, at: Place): Project {
  const project = world.store.in(projects).get(projectArn(name, at));
  if (project === undefined)
    throw new AwsError('ResourceNotFoundException', `Project cannot be found: ${projectArn(name, at)}`);
  return project;
}

/** The question for an action on a project. One of another account is that account's: it has no policy here that could open it. */
export function projectAccess(action: string, name: string, at: Place): Access {
  const resource = projectArn(name, at);
  return { action: `codebuild:${action}`, resource, owner: resource.split(':')[4] ?? at.account };
}

/** The build of that id or ARN, if it is one of that place. */
export function findBuild(world: World, id: string, { account, region }: Place): Build | undefined {
  const build = world.store.in(builds).get(id.replace(/^arn:[^/]+\//, ''));
  return build?.project.account === account && build.project.region === region ? build : undefined;
}

/** The project's name in a build's id or ARN. */
export const projectOfBuild = (id: string): string => id.replace(/^arn:[^/]+\//, '').split(':')[0] ?? '';
