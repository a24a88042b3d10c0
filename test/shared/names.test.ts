import fc from 'fast-check';
import { expect, test } from 'vitest';
import { buildProjectName, deployedStackName } from '../../shared/names.ts';
import { parseOrganisation } from '../../shared/organisation-schema.ts';
import { organisationFile, resourcesOf, synthesized } from '../synthesis.ts';

const repository = fc.stringMatching(/^[A-Za-z0-9_.-]{1,40}$/);
const environment = fc.stringMatching(/^[a-z][a-z0-9-]{0,10}[a-z0-9]$/);

test('whatever a repository is called, CloudFormation and CodeBuild take the names made from it', () => {
  fc.assert(
    fc.property(repository, environment, (repo, env) => {
      expect(deployedStackName(repo, env)).toMatch(/^[A-Za-z][A-Za-z0-9-]{0,127}$/);
      expect(buildProjectName(`${repo}-${env}`, 'Build')).toMatch(/^[A-Za-z0-9][A-Za-z0-9_-]{1,254}$/);
    }),
  );
});

/** The names that templates set, with what AWS takes. Source: the property pages of the CloudFormation template reference. */
const taken: Readonly<Record<string, readonly [property: string, shape: RegExp]>> = {
  'AWS::CloudWatch::Alarm': ['AlarmName', /^.{1,255}$/],
  'AWS::CodeBuild::Project': ['Name', /^[A-Za-z0-9][A-Za-z0-9_-]{1,149}$/],
  'AWS::CodePipeline::Pipeline': ['Name', /^[A-Za-z0-9.@_-]{1,100}$/],
  'AWS::DynamoDB::Table': ['TableName', /^[\w.-]{3,255}$/],
  'AWS::Events::EventBus': ['Name', /^[\w./-]{1,256}$/],
  'AWS::Events::EventBusPolicy': ['StatementId', /^[\w-]{1,64}$/],
  'AWS::Events::Rule': ['Name', /^[\w.-]{1,64}$/],
  'AWS::IAM::Role': ['RoleName', /^[\w+=,.@-]{1,64}$/],
  'AWS::KMS::Alias': ['AliasName', /^alias\/[\w/-]{1,250}$/],
  'AWS::Lambda::Function': ['FunctionName', /^[\w-]{1,64}$/],
  'AWS::Logs::LogGroup': ['LogGroupName', /^[\w/.#-]{1,512}$/],
  'AWS::S3::Bucket': ['BucketName', /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/],
  'AWS::SNS::Topic': ['TopicName', /^[\w-]{1,256}$/],
  'AWS::SQS::Queue': ['QueueName', /^[\w-]{1,80}$/],
  'AWS::Scheduler::Schedule': ['Name', /^[\w.-]{1,64}$/],
  'AWS::Scheduler::ScheduleGroup': ['Name', /^[\w.-]{1,64}$/],
};

test('the longest names that an organisation file may hold make names that AWS takes', () => {
  const region = 'ap-southeast-1';
  const name = longest((length) => fits({ name: 'e'.repeat(length), repository: 'r', region }));
  const repo = longest((length) => fits({ name, repository: 'r'.repeat(length), region }));

  const all = synthesized(file({ name, repository: 'r'.repeat(repo.length), region }));

  expect(all.size).toBe(2);
  for (const template of all.values())
    for (const { Type, Properties } of Object.values(resourcesOf(template))) {
      const [property, shape] = taken[Type] ?? [];
      if (property !== undefined && typeof Properties[property] === 'string')
        expect(Properties[property], Type).toMatch(shape ?? /^$/);
    }
});

const file = (of: { name: string; repository: string; region: string }) => ({
  ...organisationFile,
  devops: { account: '111111111111', region: of.region },
  repositories: [{ name: of.repository }],
  environments: [{ name: of.name, account: '222222222222', branch: 'main' }],
});

function fits(of: { name: string; repository: string; region: string }): boolean {
  try {
    return parseOrganisation(file(of)).environments.length === 1;
  } catch {
    return false;
  }
}

function longest(takes: (length: number) => boolean): string {
  let length = 1;
  while (takes(length + 1)) length += 1;
  return 'e'.repeat(length);
}
