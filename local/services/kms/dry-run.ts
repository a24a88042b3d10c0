import { AwsError } from '../../world/failure.ts';

/** What KMS answers when everything would have gone well but was only to be tried. Source: the KMS guide, "Testing your permissions". */
export function refuseDryRun(dryRun: boolean | undefined): void {
  if (dryRun)
    throw new AwsError(
      'DryRunOperationException',
      'The request would have succeeded, but the DryRun option is set.',
      412,
    );
}
