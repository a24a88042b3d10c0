import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { AlarmTopic } from '../shared/constructs/alarm-topic.ts';
import { Alarms } from '../shared/constructs/alarms.ts';
import { devopsStackName } from '../shared/names.ts';
import { environmentsIn, type Organisation } from '../shared/organisation-schema.ts';
import { Announcing } from './announcing.ts';
import { Auditor } from './auditor.ts';
import { DevopsBus } from './bus.ts';
import { Forwarding } from './forwarding.ts';
import { Repositories } from './repository.ts';
import { SourceAccess } from './source-access.ts';
import { StatusIntake } from './status-intake.ts';
import { alarmPrefix, tagsOf } from './tags.ts';
import { Trail } from './trail.ts';
import { TrailSeal } from './trail-seal.ts';

/** What the DevOps account owns, in the order an event travels. It needs no stack of another account to exist. */
export class DevopsStack extends Stack {
  constructor(scope: Construct, organisation: Organisation) {
    const { devops, alarmEmail: email } = organisation;
    super(scope, devopsStackName, {
      env: devops,
      description: 'mergecast: merges are announced here, forwarded to the environments, and what they report is kept',
      tags: tagsOf(organisation),
    });
    const { topic } = new AlarmTopic(this, 'AlarmTopic', { home: devops, prefix: alarmPrefix, email });
    const alarms = new Alarms(this, 'Alarms', alarmPrefix, topic);

    new Repositories(this, 'Repositories', organisation);
    const announcing = new Announcing(this, 'Announcing', organisation, alarms);
    const bus = new DevopsBus(this, 'Bus');
    const forwarding = environmentsIn(organisation, 0).map((environment) => {
      new SourceAccess(this, `SourceAccess-${environment.name}`, organisation, environment);
      return new Forwarding(this, `Forwarding-${environment.name}`, devops, environment, alarms);
    });
    const intake = new StatusIntake(this, 'StatusIntake', organisation);
    const trail = new Trail(this, 'Trail', devops, alarms);
    const seal = new TrailSeal(this, 'TrailSeal', devops, alarms);
    seal.node.addDependency(trail);
    new Auditor(this, 'Auditor', organisation, seal.keyArn);
    for (const construct of [announcing, ...forwarding, intake, trail]) construct.node.addDependency(bus);
  }
}
