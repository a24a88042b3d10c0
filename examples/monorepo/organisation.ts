import type { OrganisationFile } from '../../shared/organisation-schema.ts';

/** One repository that holds several services, and an account that runs each of them. */
export default {
  devops: { account: '111111111111', region: 'eu-west-1' },
  alarmEmail: 'ops@example.com',
  repositories: [{ name: 'shop', create: true }],
  environments: [{ name: 'prod', account: '222222222222', branch: 'main' }],
} satisfies OrganisationFile;
