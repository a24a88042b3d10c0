import { App } from 'aws-cdk-lib';
import recommendedFlags from 'aws-cdk-lib/recommended-feature-flags.json' with { type: 'json' };
import { DevopsStack } from './devops-account/stack.ts';
import organisationFile from './organisation.ts';
import { Fault } from './shared/fault.ts';
import { parseOrganisation, remarksOn } from './shared/organisation-schema.ts';
import { ownPipelines } from './workload-account/owner-file.ts';
import { WorkloadStack } from './workload-account/stack.ts';

/** The CDK app: one DevOps stack and one workload stack for each environment. `-c only=prod` leaves the others out. */
try {
  const organisation = parseOrganisation(organisationFile);
  for (const remark of remarksOn(organisation)) console.warn(`note: ${remark}`);
  const app = new App({
    outdir: process.env['CDK_OUTDIR'] ?? 'cdk.out',
    analyticsReporting: false,
    context: recommendedFlags,
  });
  const only: unknown = app.node.tryGetContext('only');
  if (only === undefined || only === 'devops') new DevopsStack(app, organisation);
  for (const environment of organisation.environments.filter(({ name }) => only === undefined || only === name)) {
    new WorkloadStack(app, organisation, environment, await ownPipelines(environment));
  }
  app.synth();
} catch (error) {
  if (!(error instanceof Fault)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
