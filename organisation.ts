import type { OrganisationFile } from './shared/organisation-schema.ts';

/** Who follows what: the one file to edit. Each environment's own pipelines are shaped in workload-account/environments/. */
export default {
  devops: { account: '111111111111', region: 'eu-west-1' },
  alarmEmail: 'ops@example.com',
  repositories: [{ name: 'orders', create: true }],
  environments: [
    { name: 'dev', account: '222222222222', branch: 'dev' },
    { name: 'staging', account: '333333333333', branch: 'staging' },
    { name: 'prod', account: '444444444444', branch: 'prod' },
  ],
} satisfies OrganisationFile;
