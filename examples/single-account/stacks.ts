import { type App, Stack, Tags } from 'aws-cdk-lib';
import { CfnInstance } from 'aws-cdk-lib/aws-ec2';
import { CfnInstanceProfile, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { acknowledge } from '../../shared/constructs/acknowledge.ts';
import type { Environment, Organisation } from '../../shared/organisation-schema.ts';
import { allowArtifact } from '../../workload-account/server-access.ts';

/** The servers of the shop. Their image has the CodeDeploy agent, which fetches what is deployed as their role. */
class Servers extends Stack {
  constructor(app: App, environment: Environment) {
    const { account, region } = environment;
    super(app, 'shop-servers', { env: { account, region }, description: 'The servers of the shop' });
    const role = new Role(this, 'Role', {
      description: 'The servers of the shop fetch what is deployed to them, and may do nothing else',
      assumedBy: new ServicePrincipal('ec2.amazonaws.com'),
    });
    allowArtifact(role, environment, 'shop');
    const profile = new CfnInstanceProfile(this, 'Profile', { roles: [role.roleName] });
    for (const name of ['One', 'Two', 'Three']) {
      const server = new CfnInstance(this, name, {
        // Put the id of your own image with the agent here.
        imageId: 'ami-0123456789abcdef0',
        instanceType: 't4g.micro',
        iamInstanceProfile: profile.ref,
      });
      Tags.of(server).add('app', 'shop');
    }
    acknowledge(this, 'the servers hold one public page, and an account encrypts its disks by default', [
      'EC26',
      'EC28',
      'EC29',
    ]);
  }
}

/** What this organisation has beside mergecast's own stacks. */
export default function stacks(app: App, { environments }: Organisation): void {
  for (const environment of environments) new Servers(app, environment);
}
