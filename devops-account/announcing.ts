import { join } from 'node:path';
import { Duration } from 'aws-cdk-lib';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { branchMergedDetailType, branchMergedSource } from '../events/branch-merged.ts';
import { mergePattern } from '../events/merge.ts';
import type { Alarms } from '../shared/constructs/alarms.ts';
import { deadLetters } from '../shared/constructs/dead-letters.ts';
import { HandlerFunction } from '../shared/constructs/handler-function.ts';
import { makeRule } from '../shared/constructs/rule.ts';
import { announcerFunctionName, announcerRole, devopsBusArn, repositoryArn, ruleArn } from '../shared/names.ts';
import type { Organisation } from '../shared/organisation-schema.ts';

const ruleName = 'mergecast-merges';

/** Announce: a merge on the default bus becomes our own event on the DevOps bus. */
export class Announcing extends Construct {
  readonly #organisation: Organisation;
  readonly #alarms: Alarms;

  constructor(scope: Construct, id: string, organisation: Organisation, alarms: Alarms) {
    super(scope, id);
    this.#organisation = organisation;
    this.#alarms = alarms;
    this.#makeRule(this.#makeAnnouncer());
  }

  #makeAnnouncer(): HandlerFunction {
    const { devops, repositories } = this.#organisation;
    const announcer = new HandlerFunction(this, 'Announcer', {
      account: devops.account,
      functionName: announcerFunctionName,
      service: 'announce-merge',
      role: announcerRole(devops),
      entry: join(import.meta.dirname, 'handlers', 'announce-merge.ts'),
      timeout: Duration.seconds(30),
      failed: this.#makeQueue('Failed', `${announcerFunctionName}-failed`),
    });
    const arns = repositories.map(({ name }) => repositoryArn(devops, name));
    announcer.allow('ReadCommits', ['codecommit:GetCommit'], arns);
    announcer.allow('Announce', ['events:PutEvents'], [devopsBusArn(devops)], {
      conditions: {
        StringEquals: { 'events:source': branchMergedSource, 'events:detail-type': branchMergedDetailType },
      },
    });
    this.#alarms.onErrors(announcer.fn, announcerFunctionName);
    return announcer;
  }

  #makeRule(announcer: HandlerFunction): void {
    const { devops, repositories, environments } = this.#organisation;
    announcer.admitRule('Rule', ruleArn(devops, ruleName), devops.account);
    makeRule(this, 'Merges', {
      home: devops,
      name: ruleName,
      description: 'A followed branch points at another commit',
      pattern: mergePattern({
        account: devops.account,
        repositories: repositories.map(({ name }) => name),
        branches: environments.map(({ branch }) => branch),
      }),
      target: { id: 'announce', arn: announcer.fn.functionArn },
      undelivered: this.#makeQueue('Undelivered', `${ruleName}-undelivered`),
    });
    this.#alarms.onFailedInvocations(ruleName);
  }

  #makeQueue(id: string, name: string): Queue {
    const queue = deadLetters(this, id, name);
    this.#alarms.onDeadLetters(queue, name);
    return queue;
  }
}
