import { makeEnvironmentsStacks } from './devops-account/environments-stack.ts';
import { DevopsStack } from './devops-account/stack.ts';
import { cdkApp } from './shared/constructs/cdk-app.ts';
import { contextOf } from './shared/context.ts';
import { Fault } from './shared/fault.ts';
import { organisationFolder } from './shared/organisation-folder.ts';
import { chosen, parseOrganisation, remarksOn } from './shared/organisation-schema.ts';
import { refuseBeyondQuotas } from './shared/quotas.ts';
import { ownPipelines, strayOwnerFiles } from './workload-account/owner-file.ts';
import { WorkloadStack } from './workload-account/stack.ts';

/**
 * The CDK app: the DevOps account's stack and one workload stack for each environment. `-c only=prod` makes that one alone, `-c organisation=<folder>`
 * another organisation. It runs by itself (`node --import tsx app.ts`, into cdk.out or CDK_OUTDIR) and under the CDK CLI.
 */
try {
  const app = cdkApp(contextOf(process.argv.slice(2)));
  const { file, owners, moreStacks } = await organisationFolder(import.meta.dirname, app);
  const organisation = parseOrganisation(file);
  const stray = strayOwnerFiles(organisation.environments, owners).map((path) => `${path} is of no environment`);
  for (const note of [...remarksOn(organisation), ...stray]) console.warn(`note: ${note}`);
  const only: unknown = app.node.tryGetContext('only');
  const { devops, environments } = chosen(organisation, only);
  if (devops) makeEnvironmentsStacks(new DevopsStack(app, organisation), organisation);
  for (const environment of environments)
    new WorkloadStack(app, organisation, environment, await ownPipelines(environment, owners));
  if (only === undefined) moreStacks?.(app, organisation);
  refuseBeyondQuotas(app.synth());
} catch (error) {
  if (!(error instanceof Fault)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
