import { App } from 'aws-cdk-lib';
import recommendedFlags from 'aws-cdk-lib/recommended-feature-flags.json' with { type: 'json' };
import { makeEnvironmentsStacks } from './devops-account/environments-stack.ts';
import { DevopsStack } from './devops-account/stack.ts';
import organisationFile from './organisation.ts';
import { contextOf } from './shared/context.ts';
import { Fault } from './shared/fault.ts';
import { chosen, parseOrganisation, remarksOn } from './shared/organisation-schema.ts';
import { refuseBeyondQuotas, withoutResourceLimit } from './shared/quotas.ts';
import { ownPipelines, strayOwnerFiles } from './workload-account/owner-file.ts';
import { WorkloadStack } from './workload-account/stack.ts';

/**
 * The CDK app: the DevOps account's stack and one workload stack for each environment. `-c only=prod` makes that one alone. It runs by itself
 * (`node --import tsx app.ts`, into cdk.out or CDK_OUTDIR) and under the CDK CLI.
 */
try {
  const organisation = parseOrganisation(organisationFile);
  for (const remark of remarksOn(organisation)) console.warn(`note: ${remark}`);
  for (const file of strayOwnerFiles(organisation.environments)) console.warn(`note: ${file} is of no environment`);
  const app = new App({
    outdir: process.env['CDK_OUTDIR'] ?? 'cdk.out',
    analyticsReporting: false,
    treeMetadata: false,
    context: { ...recommendedFlags, ...withoutResourceLimit, ...contextOf(process.argv.slice(2)) },
  });
  const { devops, environments } = chosen(organisation, app.node.tryGetContext('only'));
  if (devops) makeEnvironmentsStacks(new DevopsStack(app, organisation), organisation);
  for (const environment of environments)
    new WorkloadStack(app, organisation, environment, await ownPipelines(environment));
  refuseBeyondQuotas(app.synth());
} catch (error) {
  if (!(error instanceof Fault)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
