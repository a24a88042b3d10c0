import type { OrganisationFile } from '../../shared/organisation-schema.ts';

/** One account for everything: it keeps the repository, runs the pipeline and the servers. */
export default {
  devops: { account: '111111111111', region: 'eu-west-1' },
  alarmEmail: 'ops@example.com',
  repositories: [{ name: 'shop', create: true }],
  environments: [{ name: 'live', account: '111111111111', branch: 'main' }],
} satisfies OrganisationFile;
