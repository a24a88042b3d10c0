import { createHash } from 'node:crypto';
import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { operation } from '../../world/service.ts';
import { findApplication } from './applications.ts';
import { arnOf, type Platform, type Revision } from './tables.ts';

const text = z.object({ content: z.string().max(262_144), sha256: z.string().optional() });

/** Where a revision lies, as the API writes it. */
export const revisionShape = z.object({
  revisionType: z.string().optional(),
  s3Location: z
    .object({
      bucket: z.string(),
      key: z.string(),
      bundleType: z.string().optional(),
      version: z.string().optional(),
      eTag: z.string().optional(),
    })
    .optional(),
  appSpecContent: text.optional(),
  string: text.optional(),
  gitHubLocation: z.undefined({ error: 'revisions in GitHub are not played by the local cloud' }).optional(),
});

/** Reads a revision for a platform. Throws RevisionRequiredException, InvalidRevisionException. */
export function readRevision(given: z.output<typeof revisionShape> | undefined, platform: Platform): Revision {
  const content = given?.appSpecContent ?? given?.string;
  const place = given?.s3Location;
  if (place === undefined && content === undefined)
    throw new AwsError('RevisionRequiredException', 'Revision is required, and it must not be null.');
  const refuse = (message: string) => new AwsError('InvalidRevisionException', message);
  if (place === undefined) {
    if (platform === 'Server') throw refuse('A revision of the Server compute platform lies in S3: give s3Location');
    const { content: read, sha256 } = content ?? { content: '' };
    const digest = createHash('sha256').update(read).digest('hex');
    if (sha256 !== undefined && sha256 !== digest)
      throw refuse(`The SHA256 hash of the content is ${digest} and not ${sha256}`);
    return { type: 'Text', content: read, sha256: digest };
  }
  const bundleType = place.bundleType ?? (platform === 'Server' ? 'zip' : 'YAML');
  const allowed = platform === 'Server' ? ['zip'] : ['YAML', 'JSON', 'zip'];
  if (!allowed.includes(bundleType))
    throw new AwsError(
      'InvalidRevisionException',
      `bundleType '${bundleType}' is not played by the local cloud for ${platform} (${allowed.join(', ')} are)`,
    );
  return { type: 'S3', ...place, bundleType: bundleType as 'zip' | 'YAML' | 'JSON' };
}

/** A revision as the API shows it. */
export const shownRevision = (revision: Revision): object => {
  if (revision.type === 'Text')
    return { revisionType: 'AppSpecContent', appSpecContent: { content: revision.content, sha256: revision.sha256 } };
  const { type: _s3, ...s3Location } = revision;
  return { revisionType: 'S3', s3Location };
};

const registered = z.object({
  applicationName: z.string(),
  revision: revisionShape,
  description: z.string().optional(),
});

/** Takes note of a revision. */
export const registerApplicationRevision = operation({
  simplified: 'The revision is checked and not kept in a list.',
  input: registered,
  access: ({ applicationName }, call) => [
    { action: 'codedeploy:RegisterApplicationRevision', resource: arnOf(call, 'application', applicationName) },
  ],
  run: ({ applicationName, revision }, call) => {
    readRevision(revision, findApplication(call.world, call, applicationName).platform);
    return {};
  },
});
