import type { OrganisationFile } from '../../shared/organisation-schema.ts';

/** One account keeps the repositories and runs the pipelines; staging and production only admit them, see targets.ts. */
export default {
  devops: { account: '111111111111', region: 'eu-west-1' },
  alarmEmail: 'ops@example.com',
  repositories: [
    { name: 'orders', create: true },
    { name: 'invoices', create: true },
  ],
  environments: [{ name: 'release', account: '111111111111', branch: 'main' }],
} satisfies OrganisationFile;
