import { App } from 'aws-cdk-lib';
import recommendedFlags from 'aws-cdk-lib/recommended-feature-flags.json' with { type: 'json' };
import { makeEnvironmentsStacks } from '../../devops-account/environments-stack.ts';
import { DevopsStack } from '../../devops-account/stack.ts';
import { parseOrganisation } from '../../shared/organisation-schema.ts';
import { pipeline } from '../../workload-account/pipeline-definition.ts';
import { WorkloadStack } from '../../workload-account/stack.ts';

/** The organisation of the benchmark: one environment, whose pipeline fetches the commit and then waits for a person. */
export function synthesizeApproval(outputDirectory: string): void {
  const organisation = parseOrganisation({
    devops: { account: '111111111111', region: 'eu-west-1' },
    repositories: [{ name: 'orders', create: true }],
    environments: [{ name: 'dev', account: '222222222222', branch: 'dev' }],
  });
  const app = new App({
    outdir: outputDirectory,
    analyticsReporting: false,
    treeMetadata: false,
    context: { ...recommendedFlags },
  });
  makeEnvironmentsStacks(new DevopsStack(app, organisation), organisation);
  for (const environment of organisation.environments)
    new WorkloadStack(app, organisation, environment, [pipeline('orders').approve('Release?')]);
  app.synth();
}
