import { Stack } from 'aws-cdk-lib';
import { AccountPrincipal, type PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { allow } from '../shared/constructs/allow.ts';
import {
  artifactBucketName,
  artifactKeyAlias,
  artifactObjects,
  deployedStackName,
  deployerRole,
  deployingRole,
  deploymentRole,
  environmentPrefix,
  type NamedEnvironment,
  pipelineName,
  pipelineRole,
  stackTags,
} from '../shared/names.ts';
import { Boundary } from './boundary.ts';
import { makeDeploymentRole } from './stack-deployment.ts';

/** Which pipelines may deploy what to an account. */
export interface TargetStackProps {
  /** The environment that the pipelines belong to, in another account. */
  readonly from: NamedEnvironment;
  /** The account they deploy to, and the name of it that stacks there carry. */
  readonly target: NamedEnvironment;
  /** The repositories, or parts of repositories as `shop-web`, whose pipelines these are. */
  readonly services: readonly string[];
  /** `o-…`: narrows who may take on the roles. */
  readonly organisationId?: string;
  /** What CloudFormation may do beyond functions, roles and log groups of the repositories' own names. @default - nothing */
  readonly permissions?: readonly PolicyStatement[];
}

/**
 * What an account gives to pipelines of another account that deploy to it, with `deployStack({ at })`: for each repository a role that its
 * one pipeline takes on, and one that CloudFormation acts as; and the boundary of all that is deployed. Its owner deploys it, and takes it
 * away again.
 */
export class TargetStack extends Stack {
  constructor(scope: Construct, props: TargetStackProps) {
    const { from, target, services } = props;
    const { account, region, name } = target;
    super(scope, environmentPrefix(name), {
      env: { account, region },
      description: `mergecast: pipelines of ${from.name} in account ${from.account} deploy to ${name} here`,
      tags: { [stackTags.profile]: name },
    });
    const boundary = new Boundary(this, 'Boundary', target);
    for (const service of services) new Deployers(this, service, props, service).node.addDependency(boundary);
  }
}

/** The two roles of one repository. */
class Deployers extends Construct {
  readonly #props: TargetStackProps;
  readonly #service: string;

  constructor(scope: Construct, id: string, props: TargetStackProps, service: string) {
    super(scope, id);
    this.#props = props;
    this.#service = service;
    const { target, permissions } = props;
    const deployment = makeDeploymentRole(
      this,
      { environment: target, service, permissions },
      deploymentRole(target, service),
    );
    const deployer = this.#makeDeployer();
    this.#allowStack(deployer, deployment);
    for (const role of [deployer, deployment]) this.#allowArtifacts(role);
  }

  /** The account is trusted and narrowed by name, for the role of the pipeline may not be there yet. */
  #makeDeployer(): Role {
    const { from, target, organisationId } = this.#props;
    const { path, roleName } = deployerRole(target, this.#service);
    return new Role(this, 'Deployer', {
      path,
      roleName,
      description: `Pipeline ${this.#pipeline} of account ${from.account} deploys ${this.#service} to ${target.name} as this role`,
      assumedBy: new AccountPrincipal(from.account).withConditions({
        ArnLike: {
          'aws:PrincipalArn': [pipelineRole(from, this.#pipeline).arn, deployingRole(from, this.#pipeline, '*').arn],
        },
        ...(organisationId === undefined ? {} : { StringEquals: { 'aws:PrincipalOrgID': organisationId } }),
      }),
    });
  }

  #allowStack(deployer: Role, { roleArn }: Role): void {
    const { account, region, name } = this.#props.target;
    const stack = `arn:aws:cloudformation:${region}:${account}:stack/${deployedStackName(this.#service, name)}/*`;
    const actions = stackActions.split(' ').map((action) => `cloudformation:${action}`);
    allow(deployer, 'Deploy', actions, [stack], { openBecause: 'a stack has an id by chance after its name' });
    allow(deployer, 'HandRole', ['iam:PassRole'], [roleArn], {
      conditions: { StringEquals: { 'iam:PassedToService': 'cloudformation.amazonaws.com' } },
    });
  }

  /** They lie in the other account, whose bucket and key admit these roles. */
  #allowArtifacts(role: Role): void {
    const { from } = this.#props;
    const objects = `arn:aws:s3:::${artifactBucketName(from)}/${artifactObjects(this.#pipeline)}`;
    allow(role, 'Artifacts', ['s3:GetObject', 's3:GetObjectVersion'], [objects], {
      openBecause: "artifacts have names by chance, below the pipeline's own",
    });
    allow(role, 'ReadArtifacts', ['kms:Decrypt'], [`arn:aws:kms:${from.region}:${from.account}:key/*`], {
      conditions: { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': artifactKeyAlias(from.name) } },
      openBecause: "a key's id is by chance, so its alias narrows it",
    });
  }

  get #pipeline(): string {
    return pipelineName(this.#service, this.#props.from.name);
  }
}

const stackActions = 'CreateStack DescribeStackEvents DescribeStacks GetTemplate UpdateStack';
