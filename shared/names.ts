/**
 * Every name that crosses an account border, computed and never read from another stack, so that no account waits for another.
 * A workload account's names carry its environment, so two environments may share an account; only the DevOps account's bus is
 * plain `mergecast`.
 */

/** An account in a region. */
export interface Home {
  /** 12 digits. */
  readonly account: string;
  readonly region: string;
}

/** An environment, as far as names need it. */
export interface NamedEnvironment extends Home {
  readonly name: string;
}

/** The DevOps account's bus. */
export const devopsBusName = 'mergecast';

/** The log group of the trail. */
export const trailLogGroupName = '/aws/events/mergecast/trail';

/** Who announces, in the DevOps account. */
export const announcerFunctionName = 'mergecast-announce-merge';

/** The variables that every pipeline has, and what they hold until the starter says otherwise. */
export const executionVariables = { generation: 'generation', mergeId: 'mergeId', unset: 'none' } as const;

/** The stage and the action that read the repository: the starter pins this action to a commit. */
export const sourceStageName = 'Source';
export const sourceActionName = 'Source';

/** The stack of the DevOps account. */
export const devopsStackName = 'mergecast-devops';

/** What every name of an environment begins with: `mergecast-prod`. */
export const environmentPrefix = (environment: string): string => `mergecast-${environment}`;

export const devopsBusArn = ({ account, region }: Home): string =>
  `arn:aws:events:${region}:${account}:event-bus/${devopsBusName}`;

export const environmentBusName = (environment: string): string => environmentPrefix(environment);

export const environmentBusArn = ({ account, region, name }: NamedEnvironment): string =>
  `arn:aws:events:${region}:${account}:event-bus/${environmentBusName(name)}`;

/** A rule on a custom bus, or on the default bus when none is named. */
export const ruleArn = ({ account, region }: Home, rule: string, bus?: string): string =>
  `arn:aws:events:${region}:${account}:rule/${bus === undefined ? '' : `${bus}/`}${rule}`;

/** The DevOps account's rule that forwards to an environment. */
export const forwardRuleName = (environment: string): string => `forward-${environment}`;

/** A role of mergecast: its path and name, and the ARN they make. */
export interface RoleAddress {
  readonly path: string;
  readonly roleName: string;
  readonly arn: string;
}

const roleAddress = (account: string, path: string, roleName: string): RoleAddress => ({
  path,
  roleName,
  arn: `arn:aws:iam::${account}:role${path}${roleName}`,
});

/** In the DevOps account: what the forwarding rule of an environment acts as. */
export const forwarderRole = (devops: Home, environment: string): RoleAddress =>
  roleAddress(devops.account, '/mergecast/', `mergecast-forward-${environment}`);

/** In the DevOps account: what the source actions of an environment's pipelines act as. */
export const sourceRole = (devops: Home, environment: string): RoleAddress =>
  roleAddress(devops.account, '/mergecast/', `mergecast-source-${environment}`);

/** In the DevOps account: what an environment's starter reads branches as. */
export const readRole = (devops: Home, environment: string): RoleAddress =>
  roleAddress(devops.account, '/mergecast/', `mergecast-read-${environment}`);

/** In a workload account: what its starter runs as. */
export const starterRole = ({ account, name }: NamedEnvironment): RoleAddress =>
  roleAddress(account, `/mergecast/${name}/`, `${environmentPrefix(name)}-starter`);

/** In a workload account: what its reporting rules act as. */
export const reporterRole = ({ account, name }: NamedEnvironment): RoleAddress =>
  roleAddress(account, `/mergecast/${name}/`, `${environmentPrefix(name)}-reporter`);

/** In a workload account: what a pipeline runs as. The DevOps account trusts the path, so owners add pipelines without asking. */
export const pipelineRole = ({ account, name }: NamedEnvironment, pipeline: string): RoleAddress =>
  roleAddress(account, `/mergecast/${name}/pipeline/`, pipeline);

/** All pipeline roles of an environment, as a pattern for `aws:PrincipalArn`. */
export const pipelineRolePattern = (environment: NamedEnvironment): string => pipelineRole(environment, '*').arn;

/** The bucket that an environment's artifacts lie in. */
export const artifactBucketName = ({ account, region, name }: NamedEnvironment): string =>
  `${environmentPrefix(name)}-${account}-${region}`;

/** The key that an environment's artifacts are encrypted with; its id is random, so policies go by the alias. */
export const artifactKeyAlias = (environment: string): string => `alias/${environmentPrefix(environment)}`;

/** An environment's pipeline of a repository; `variant` tells several of one repository apart. */
export const pipelineName = (repository: string, environment: string): string => `${repository}-${environment}`;

/** The stack that a pipeline deploys; stack names take only letters, digits and hyphens. */
export const deployedStackName = (repository: string, environment: string): string =>
  pipelineName(repository, environment).replace(/[^A-Za-z0-9-]/g, '-');

/** What stacks tell the local cloud and AWS about themselves. */
export const stackTags = {
  profile: 'mergecast:profile',
  repositories: 'mergecast:repositories',
  branch: 'mergecast:branch',
  organisation: 'mergecast:organisation',
} as const;
