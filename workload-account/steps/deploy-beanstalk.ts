import { ElasticBeanstalkDeployAction } from 'aws-cdk-lib/aws-codepipeline-actions';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { allow } from '../../shared/constructs/allow.ts';
import { actionRole } from './action-role.ts';
import type { Step } from './step.ts';

/** Where Elastic Beanstalk deploys to. */
export interface DeployBeanstalkOptions {
  /** The stage's name. @default 'Deploy' */
  readonly stage?: string;
  /** The artifact that is deployed, by the stage that makes it. @default - the last build's */
  readonly input?: string;
  /** The application and its environment, which exist already. */
  readonly application: string;
  readonly environment: string;
  /**
   * What Beanstalk does with these rights beside its own: its update of an environment acts on servers, groups, load balancers and stacks
   * as whoever asks for it. AWS's policy AdministratorAccess-AWSElasticBeanstalk allows that in the whole account, so the owner says how far.
   */
  readonly permissions?: readonly PolicyStatement[];
}

/** Deploy: makes a version of an Elastic Beanstalk application of the artifact, and updates an environment to it. The local cloud refuses it by name. */
export function deployBeanstalk(options: DeployBeanstalkOptions): Step {
  const { stage = 'Deploy', input, application, environment, permissions = [] } = options;
  return {
    stage,
    mistakes: mistakesIn(options),
    ...(input === undefined ? {} : { input }),
    make: (context) => {
      const { account, region } = context.environment;
      const beanstalk = (name: string) => `arn:aws:elasticbeanstalk:${region}:${account}:${name}`;
      const storage = `arn:aws:s3:::elasticbeanstalk-${region}-${account}`;
      const role = actionRole(context, `deploys to Beanstalk's ${environment}`);
      const openBecause = 'versions of the one application have names by chance, as their files in its storage';
      allow(
        role,
        'Beanstalk',
        deployActions.split(' ').map((name) => `elasticbeanstalk:${name}`),
        [
          beanstalk(`application/${application}`),
          beanstalk(`applicationversion/${application}/*`),
          beanstalk(`environment/${application}/${environment}`),
        ],
        { openBecause },
      );
      allow(role, 'Storage', ['s3:GetObject', 's3:PutObject'], [`${storage}/*`], { openBecause });
      allow(role, 'FindStorage', ['s3:GetBucketLocation', 's3:ListBucket'], [storage]);
      for (const statement of permissions) role.addToPolicy(statement);
      context.artifacts.grantRead(role, [context.built]);
      const action = new ElasticBeanstalkDeployAction({
        actionName: stage,
        applicationName: application,
        environmentName: environment,
        input: context.built,
        role: role.withoutPolicyUpdates(),
      });
      return { actions: [action] };
    },
  };
}

const mistakesIn = ({ application, environment }: DeployBeanstalkOptions): readonly string[] => [
  ...(/^[^/]{1,100}$/.test(application) ? [] : [`deployBeanstalk(): '${application}' is no name of an application`]),
  ...(/^[A-Za-z0-9][A-Za-z0-9-]{2,38}[A-Za-z0-9]$/.test(environment)
    ? []
    : [`deployBeanstalk(): '${environment}' is no name of an environment: 4 to 40 letters, digits and hyphens`]),
];

const deployActions =
  'CreateApplicationVersion DescribeApplicationVersions DescribeEnvironments DescribeEvents UpdateEnvironment';
