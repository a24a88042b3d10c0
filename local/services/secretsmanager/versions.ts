import { AwsError } from '../../world/failure.ts';
import type { Secret, SecretVersion } from './tables.ts';

/** What a version may hold in all: 65,536 bytes. Source: the Secrets Manager quotas page. */
const largestValueBytes = 65_536;

/** The value of a request: text or bytes, not both. Throws InvalidParameterException. */
export function valueOf({
  SecretString: text,
  SecretBinary: binary,
}: {
  readonly SecretString?: string | undefined;
  readonly SecretBinary?: Buffer | undefined;
}): SecretVersion['value'] | undefined {
  if (text !== undefined && binary !== undefined)
    throw new AwsError(
      'InvalidParameterException',
      "You can't specify both a binary secret value and a string secret value in the same secret.",
    );
  if ((binary?.length ?? Buffer.byteLength(text ?? '')) > largestValueBytes)
    throw new AwsError('InvalidParameterException', `The secret value is longer than ${largestValueBytes} bytes.`);
  if (text !== undefined) return { text };
  return binary === undefined ? undefined : { binary };
}

const same = (one: SecretVersion['value'], other: SecretVersion['value']): boolean =>
  'text' in one ? 'text' in other && one.text === other.text : 'binary' in other && one.binary.equals(other.binary);

/**
 * Adds a version, and moves its stages to it; what was AWSCURRENT becomes AWSPREVIOUS. The same version with the same value again changes nothing.
 * Throws ResourceExistsException for the same version with another value.
 */
export function withVersion(secret: Secret, version: SecretVersion): Secret {
  const known = secret.versions.find(({ id }) => id === version.id);
  if (known !== undefined && same(known.value, version.value)) return secret;
  if (known !== undefined)
    throw new AwsError(
      'ResourceExistsException',
      `You can't use ClientRequestToken ${version.id} because that value is already in use for a version of secret ${secret.arn}.`,
    );
  const stored: Secret = {
    ...secret,
    versions: [...secret.versions, { ...version, stages: [] }],
    changedAt: version.createdAt,
  };
  return kept(version.stages.reduce((after: Secret, stage) => withStage(after, stage, version.id), stored));
}

/** Moves a stage to a version, or takes it away when none is given. */
export function withStage(secret: Secret, stage: string, to: string | undefined): Secret {
  const left = secret.versions.find(({ stages }) => stages.includes(stage))?.id;
  const moved = {
    ...secret,
    versions: secret.versions.map((version) => {
      const others = version.stages.filter((each) => each !== stage);
      return { ...version, stages: version.id === to ? [...others, stage] : others };
    }),
  };
  return stage === 'AWSCURRENT' && left !== undefined && left !== to ? withStage(moved, 'AWSPREVIOUS', left) : moved;
}

/** Up to 100 versions are kept; the oldest deprecated ones go first. Source: the same page. */
function kept(secret: Secret): Secret {
  const excess = secret.versions.length - 100;
  if (excess <= 0) return secret;
  const gone = secret.versions.filter(({ stages }) => stages.length === 0).slice(0, excess);
  return { ...secret, versions: secret.versions.filter((version) => !gone.includes(version)) };
}

/** The version that a call means: by id, by stage, or the current one. Throws ResourceNotFoundException and InvalidRequestException. */
export function requireVersion(
  secret: Secret,
  { VersionId, VersionStage }: { readonly VersionId?: string | undefined; readonly VersionStage?: string | undefined },
): SecretVersion {
  const stage = VersionStage ?? 'AWSCURRENT';
  const found = secret.versions.find((version) =>
    VersionId === undefined ? version.stages.includes(stage) : version.id === VersionId,
  );
  const what = VersionId === undefined ? `staging label: ${stage}` : `VersionId: ${VersionId}`;
  if (found === undefined)
    throw new AwsError(
      'ResourceNotFoundException',
      `Secrets Manager can't find the specified secret value for ${what}`,
    );
  if (VersionId !== undefined && VersionStage !== undefined && !found.stages.includes(VersionStage))
    throw new AwsError(
      'InvalidRequestException',
      'You provided a VersionStage that is not associated to the provided VersionId.',
    );
  return found;
}
