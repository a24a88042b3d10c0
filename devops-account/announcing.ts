import { join } from 'node:path';
import { Duration } from 'aws-cdk-lib';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { branchMergedDetailType, branchMergedSource } from '../events/branch-merged.ts';
import { mergePattern } from '../events/merge.ts';
import type { Alarms } from '../shared/constructs/alarms.ts';
import { admitSender, deadLetters } from '../shared/constructs/dead-letters.ts';
import { HandlerFunction } from '../shared/constructs/handler-function.ts';
import { announcerFunctionName, devopsBusArn, devopsBusName, ruleArn } from '../shared/names.ts';
import type { Organisation } from '../shared/organisation-schema.ts';

const ruleName = 'mergecast-merges';

/** Announce: a merge on the default bus becomes our own event on the DevOps bus. */
export class Announcing extends Construct {
  readonly #organisation: Organisation;

  constructor(scope: Construct, id: string, organisation: Organisation, alarms: Alarms) {
    super(scope, id);
    this.#organisation = organisation;
    const undelivered = deadLetters(this, 'Undelivered', 'mergecast-merges-undelivered');
    const failed = deadLetters(this, 'Failed', 'mergecast-announce-merge-failed');
    const announcer = this.#makeAnnouncer(failed);
    this.#makeRule(announcer, undelivered);
    alarms.onDeadLetters(undelivered, 'mergecast-merges-undelivered');
    alarms.onDeadLetters(failed, 'mergecast-announce-merge-failed');
    alarms.onErrors(announcer.fn, announcerFunctionName);
    alarms.onFailedInvocations(ruleName);
  }

  #makeAnnouncer(failed: Queue): HandlerFunction {
    const { devops, repositories } = this.#organisation;
    const announcer = new HandlerFunction(this, 'Announcer', {
      ...devops,
      functionName: announcerFunctionName,
      role: { path: '/mergecast/', roleName: announcerFunctionName },
      entry: join(import.meta.dirname, 'handlers', 'announce-merge.ts'),
      timeout: Duration.seconds(30),
      environment: { BUS_NAME: devopsBusName },
      deadLetters: failed,
    });
    const arns = repositories.map(({ name }) => `arn:aws:codecommit:${devops.region}:${devops.account}:${name}`);
    announcer.allow('ReadCommits', ['codecommit:GetCommit'], arns);
    announcer.allow('Announce', ['events:PutEvents'], [devopsBusArn(devops)], {
      StringEquals: { 'events:source': branchMergedSource, 'events:detail-type': branchMergedDetailType },
    });
    return announcer;
  }

  #makeRule(announcer: HandlerFunction, undelivered: Queue): void {
    const { devops, repositories, environments } = this.#organisation;
    const arn = ruleArn(devops, ruleName);
    admitSender(undelivered, 'events.amazonaws.com', arn, devops.account);
    announcer.admitRule('Rule', arn, devops.account);
    new CfnRule(this, 'Merges', {
      name: ruleName,
      description: 'A followed branch points at another commit',
      eventPattern: mergePattern({
        account: devops.account,
        repositories: repositories.map(({ name }) => name),
        branches: environments.map(({ branch }) => branch),
      }),
      targets: [
        {
          id: 'announce',
          arn: announcer.fn.functionArn,
          deadLetterConfig: { arn: undelivered.queueArn },
          retryPolicy: { maximumEventAgeInSeconds: 86_400, maximumRetryAttempts: 185 },
        },
      ],
    });
  }
}
