import type { Artifact, Artifacts } from '../../../languages/buildspec/types.ts';
import { AwsError } from '../../world/failure.ts';
import type { RoleCall } from './role-call.ts';
import type { Build, OutputPlace } from './tables.ts';
import { zipArtifact } from './zip-artifact.ts';

/**
 * Zips what the buildspec declares and puts it where the call says, with the role and the build's key. One output is the primary
 * artifact; of several, each is the secondary artifact of its name (facts 5.3).
 */
export async function upload(
  { outputs, keyArn }: Build,
  callAs: RoleCall,
  source: string,
  artifacts: Artifacts | undefined,
): Promise<void> {
  const encryption = keyArn === undefined ? {} : { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: keyArn };
  for (const output of outputs) {
    const artifact = declared(artifacts, output, outputs.length === 1);
    if (artifact === undefined) continue;
    const Body = await zipArtifact(source, artifact);
    const place = { Bucket: output.bucket, Key: output.key };
    await callAs('s3', 'PutObject', { ...place, Body, ContentType: 'application/zip', ...encryption });
  }
}

function declared(
  artifacts: Artifacts | undefined,
  { identifier, of, optional }: OutputPlace,
  alone: boolean,
): Artifact | undefined {
  const primary = of === 'primary' || (of === undefined && alone);
  const secondary = of === 'primary' ? undefined : artifacts?.secondary[identifier];
  const found = (primary ? artifacts?.primary : undefined) ?? secondary;
  if (found !== undefined || optional === true) return found;
  throw new AwsError(
    'CLIENT_ERROR',
    `the buildspec declares no artifact '${identifier}', which the pipeline expects: add it to artifacts`,
  );
}
