import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { Alarms } from '../shared/constructs/alarms.ts';
import { devopsStackName, stackTags } from '../shared/names.ts';
import type { Organisation } from '../shared/organisation-schema.ts';
import { Announcing } from './announcing.ts';
import { DevopsBus } from './bus.ts';
import { Forwarding } from './forwarding.ts';
import { Repositories } from './repository.ts';
import { SourceAccess } from './source-access.ts';
import { Trail } from './trail.ts';

/** What the DevOps account owns, in the order an event travels. It needs no other stack to exist. */
export class DevopsStack extends Stack {
  constructor(scope: Construct, organisation: Organisation) {
    const { devops, repositories, organisationId, alarmEmail } = organisation;
    super(scope, devopsStackName, {
      env: devops,
      description: 'mergecast: merges are announced here, forwarded to the environments, and what they report is kept',
      tags: {
        [stackTags.profile]: 'devops',
        [stackTags.repositories]: repositories.map(({ name }) => name).join(' '),
        ...(organisationId === undefined ? {} : { [stackTags.organisation]: organisationId }),
      },
    });
    const alarms = new Alarms(this, 'Alarms', {
      ...devops,
      prefix: 'mergecast',
      ...(alarmEmail === undefined ? {} : { email: alarmEmail }),
    });
    new Repositories(this, 'Repositories', organisation);
    const bus = new DevopsBus(this, 'Bus', organisation);
    const announcing = new Announcing(this, 'Announcing', organisation, alarms);
    const forwarding = new Forwarding(this, 'Forwarding', organisation, alarms);
    new SourceAccess(this, 'SourceAccess', organisation);
    const trail = new Trail(this, 'Trail', devops, alarms);
    for (const construct of [announcing, forwarding, trail]) construct.node.addDependency(bus);
  }
}
