import { parseArgs } from 'node:util';
import { App } from 'aws-cdk-lib';
import recommendedFlags from 'aws-cdk-lib/recommended-feature-flags.json' with { type: 'json' };
import { makeEnvironmentsStacks } from './devops-account/environments-stack.ts';
import { DevopsStack } from './devops-account/stack.ts';
import organisationFile from './organisation.ts';
import { refuseBeyondQuotas } from './shared/constructs/quotas.ts';
import { Fault } from './shared/fault.ts';
import { chosen, parseOrganisation, remarksOn } from './shared/organisation-schema.ts';
import { ownPipelines } from './workload-account/owner-file.ts';
import { WorkloadStack } from './workload-account/stack.ts';

/**
 * The CDK app: the DevOps account's stack and one workload stack for each environment. `-c only=prod` makes that one alone. It runs by itself
 * (`node --import tsx app.ts`, into cdk.out or CDK_OUTDIR) and under the CDK CLI.
 */
try {
  const organisation = parseOrganisation(organisationFile);
  for (const remark of remarksOn(organisation)) console.warn(`note: ${remark}`);
  const app = new App({
    outdir: process.env['CDK_OUTDIR'] ?? 'cdk.out',
    analyticsReporting: false,
    treeMetadata: false,
    context: { ...recommendedFlags, ...contextOfCommandLine() },
  });
  const { devops, environments } = chosen(organisation, app.node.tryGetContext('only'));
  if (devops) makeEnvironmentsStacks(new DevopsStack(app, organisation), organisation);
  for (const environment of environments)
    new WorkloadStack(app, organisation, environment, await ownPipelines(environment));
  refuseBeyondQuotas(app.synth());
} catch (error) {
  if (!(error instanceof Fault)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

/** `-c name=value`, as the CDK CLI writes it. */
function contextOfCommandLine(): Record<string, string> {
  const { context = [] } = parseArgs({ options: { context: { type: 'string', short: 'c', multiple: true } } }).values;
  return Object.fromEntries(context.map((pair) => [pair.split('=')[0] ?? '', pair.split('=').slice(1).join('=')]));
}
