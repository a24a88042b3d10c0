import { Stack } from 'aws-cdk-lib';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { Alarms } from '../shared/constructs/alarms.ts';
import { alarmTopicArn, environmentsStackName } from '../shared/names.ts';
import { environmentsIn, type Organisation } from '../shared/organisation-schema.ts';
import { Forwarding } from './forwarding.ts';
import { SourceAccess } from './source-access.ts';
import type { DevopsStack } from './stack.ts';
import { alarmPrefix, tagsOf } from './tags.ts';

/** Makes the stacks that an organisation's `environmentStacks` asks for, deployed after the DevOps stack, whose bus their rules are on. */
export function makeEnvironmentsStacks(devops: DevopsStack, organisation: Organisation): void {
  const { environmentStacks = 0 } = organisation.devops;
  const numbers = Array.from({ length: environmentStacks }, (_, index) => index + 1);
  for (const number of numbers.filter((each) => environmentsIn(organisation, each).length > 0))
    new EnvironmentsStack(devops.node.root, organisation, number).addStackDependency(devops);
}

/** The environments' part of the DevOps account, when there are too many for one stack: a group's forwarding rules and roles. */
class EnvironmentsStack extends Stack {
  /** `number` counts from 1. */
  constructor(scope: Construct, organisation: Organisation, number: number) {
    const { devops } = organisation;
    super(scope, environmentsStackName(number), {
      env: devops,
      description: 'mergecast: merges are forwarded from here to a group of the environments',
      tags: tagsOf(organisation),
    });
    const topic = Topic.fromTopicArn(this, 'AlarmTopic', alarmTopicArn(devops, alarmPrefix));
    const alarms = new Alarms(this, 'Alarms', alarmPrefix, topic);
    for (const environment of environmentsIn(organisation, number)) {
      new Forwarding(this, `Forwarding-${environment.name}`, devops, environment, alarms);
      new SourceAccess(this, `SourceAccess-${environment.name}`, organisation, environment);
    }
  }
}
