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
export const executionVariables = {
  generation: 'generation',
  mergeId: 'mergeId',
  /** Who wrote the commit, by git's word for it. */
  author: 'author',
  /** The first line of the commit's message. */
  title: 'title',
  unset: 'none',
} as const;

/** Who seals the trail, in the DevOps account. */
export const sealerFunctionName = 'mergecast-seal-trail';

/** The key that signs the sealed trail. */
export const sealingKeyAlias = 'alias/mergecast-trail';

/** The bucket that the sealed trail lies in. */
export const sealedTrailBucketName = ({ account, region }: Home): string => `mergecast-trail-${account}-${region}`;

/** The stage and the action that read the repository: the starter pins this action to a commit. */
export const sourceStageName = 'Source';
export const sourceActionName = 'Source';

/** The stack of the DevOps account. */
export const devopsStackName = 'mergecast-devops';

/** One of the stacks that large organisations spread the environments' forwarding rules and roles over; counted from 1. */
export const environmentsStackName = (number: number): string => `${devopsStackName}-environments-${number}`;

/** What every name of an environment begins with: `mergecast-prod`. */
export const environmentPrefix = (environment: string): string => `mergecast-${environment}`;

/** The DevOps account's bus, as an environment's roles name it. */
export const devopsBusArn = ({ account, region }: Home): string =>
  `arn:aws:events:${region}:${account}:event-bus/${devopsBusName}`;

/** The bus that an environment's announcements arrive on. */
export const environmentBusName = (environment: string): string => environmentPrefix(environment);

/** The same bus, as the DevOps account's forwarder names it. */
export const environmentBusArn = ({ account, region, name }: NamedEnvironment): string =>
  `arn:aws:events:${region}:${account}:event-bus/${environmentBusName(name)}`;

/** A rule on a custom bus, or on the default bus when none is named. */
export const ruleArn = ({ account, region }: Home, rule: string, bus?: string): string =>
  `arn:aws:events:${region}:${account}:rule/${bus === undefined ? '' : `${bus}/`}${rule}`;

/** The topic that alarms go to; `prefix` is that of the account's or environment's names. */
export const alarmTopicName = (prefix: string): string => `${prefix}-alarms`;

/** The same topic, for a stack that does not make it. */
export const alarmTopicArn = ({ account, region }: Home, prefix: string): string =>
  `arn:aws:sns:${region}:${account}:${alarmTopicName(prefix)}`;

/** A repository of the DevOps account. */
export const repositoryArn = ({ account, region }: Home, repository: string): string =>
  `arn:aws:codecommit:${region}:${account}:${repository}`;

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

/** In the DevOps account: what the announcer runs as. */
export const announcerRole = (devops: Home): RoleAddress =>
  roleAddress(devops.account, '/mergecast/', announcerFunctionName);

/** In the DevOps account: what the sealer of the trail runs as, the one role that may sign. */
export const sealerRole = (devops: Home): RoleAddress => roleAddress(devops.account, '/mergecast/', sealerFunctionName);

/** In the DevOps account: what auditors read as. */
export const auditorRole = (devops: Home): RoleAddress =>
  roleAddress(devops.account, '/mergecast/', 'mergecast-auditor');

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

/** In an account that another account's pipeline deploys to: what an action of that pipeline takes on there. */
export const deployerRole = ({ account, name }: NamedEnvironment, repository: string): RoleAddress =>
  roleAddress(account, `/mergecast/${name}/central/`, `${pipelineName(repository, name)}-deployer`);

/** In the same account: what CloudFormation acts as for that pipeline. */
export const deploymentRole = ({ account, name }: NamedEnvironment, repository: string): RoleAddress =>
  roleAddress(account, `/mergecast/${name}/deployment/`, `${pipelineName(repository, name)}-deployment`);

/** In a pipeline's account: what its projects run as that deploy to other accounts themselves, by stage; all of a pipeline's for `*`. */
export const deployingRole = ({ account, name }: NamedEnvironment, pipeline: string, stage: string): RoleAddress =>
  roleAddress(account, `/mergecast/${name}/deploying/`, `${pipeline}-${stage}`);

/** The managed policy that bounds what an environment's pipelines deploy: whatever policies its roles have, this takes away from them. */
export const boundaryName = (environment: string): string => `${environmentPrefix(environment)}-boundary`;

/** The same boundary, as templates of owners name it. */
export const boundaryArn = ({ account, name }: NamedEnvironment): string =>
  `arn:aws:iam::${account}:policy/${boundaryName(name)}`;

/** The bucket that an environment's artifacts lie in. */
export const artifactBucketName = ({ account, region, name }: NamedEnvironment): string =>
  `${environmentPrefix(name)}-${account}-${region}`;

/** The key that an environment's artifacts are encrypted with; its id is random, so policies go by the alias. */
export const artifactKeyAlias = (environment: string): string => `alias/${environmentPrefix(environment)}`;

/** An environment's pipeline of a repository. */
export const pipelineName = (repository: string, environment: string): string => `${repository}-${environment}`;

/**
 * The objects of a pipeline's artifacts, or those that one artifact has had in all its executions. CodePipeline begins their keys with
 * the pipeline's name cut to 20 characters and the artifact's cut to 10; 7 characters by chance end them. Source: facts 3.11.
 */
export const artifactObjects = (pipeline: string, artifact?: string): string =>
  [beginning(pipeline, 20), ...(artifact === undefined ? [] : [beginning(artifact, 10)]), '*'].join('/');

const beginning = (name: string, limit: number): string => (name.length <= limit ? name : `${name.slice(0, limit)}*`);

/** A pipeline, as its starter's role names it. */
export const pipelineArn = ({ account, region }: Home, pipeline: string): string =>
  `arn:aws:codepipeline:${region}:${account}:${pipeline}`;

/**
 * The stack that a pipeline deploys, and what the names of its functions and roles begin with. Stack names take only letters, digits
 * and hyphens, and begin with a letter.
 */
export const deployedStackName = (repository: string, environment: string): string =>
  pipelineName(repository, environment)
    .replace(/[^A-Za-z0-9-]/g, '-')
    .replace(/^(?=[^A-Za-z])/, 'stack-');

/** The project that runs one stage of a pipeline; project names take no dots. */
export const buildProjectName = (pipeline: string, stage: string): string =>
  `${pipeline}-${stage.toLowerCase()}`.replace(/[^A-Za-z0-9_-]/g, '-').replace(/^(?=[_-])/, 'p');

/** What people write to keep a pipeline from starting (`hold`), or to let one commit through (`release`), in its own account. */
export const parameterName = (environment: string, pipeline: string, kind: 'hold' | 'release'): string =>
  `/mergecast/${environment}/${pipeline}/${kind}`;

/** The same parameter, as policies name it. */
export const parameterArn = ({ account, region }: Home, parameter: string): string =>
  `arn:aws:ssm:${region}:${account}:parameter${parameter}`;

/** The managed policy of people who may hold and release an environment's pipelines. */
export const releasersPolicyName = (environment: string): string => `${environmentPrefix(environment)}-releasers`;

/** What stacks tell the local cloud and AWS about themselves. */
export const stackTags = {
  profile: 'mergecast:profile',
  repositories: 'mergecast:repositories',
  branch: 'mergecast:branch',
  organisation: 'mergecast:organisation',
} as const;
