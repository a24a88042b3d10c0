import { App } from 'aws-cdk-lib';
import recommendedFlags from 'aws-cdk-lib/recommended-feature-flags.json' with { type: 'json' };
import { withoutResourceLimit } from '../quotas.ts';

/**
 * A CDK app as mergecast's stacks want it, with or without the CDK CLI: AWS's recommended flags, no analytics, and the output in `outdir`, CDK_OUTDIR
 * or cdk.out.
 */
export const cdkApp = (context: Readonly<Record<string, string>> = {}, outdir?: string): App =>
  new App({
    outdir: outdir ?? process.env['CDK_OUTDIR'] ?? 'cdk.out',
    analyticsReporting: false,
    treeMetadata: false,
    context: { ...recommendedFlags, ...withoutResourceLimit, ...context },
  });
