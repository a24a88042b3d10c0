import { z } from 'zod';
import { flag, numeric } from '../../world/properties.ts';

/** Minutes after which a build ends; CodeBuild allows 5 to 2160. */
export const timeoutMinutes = numeric.pipe(z.number().min(5).max(2160));

/** A variable of a build's environment; the value of a stored one is the name it is stored under. */
export const variable = z.strictObject({
  name: z.string().min(1),
  value: z.coerce.string(),
  type: z.enum(['PLAINTEXT', 'PARAMETER_STORE', 'SECRETS_MANAGER']).default('PLAINTEXT'),
});

/** Where a source lies in S3. */
export const bucketAndKey = z.string().regex(/^[^/]+\/.+$/, 'must be <bucket>/<key>');

/** A source beside the primary one; as in the API, which a project's and a build's share. */
export const secondarySource = z.strictObject({
  type: z.literal('S3', 'must be S3: the local cloud plays no other secondary source'),
  location: bucketAndKey,
  sourceIdentifier: z.string().regex(/^\w{1,127}$/),
});

/** Where an output goes; in S3 always as a zip. */
export const artifactPlace = z
  .strictObject({
    artifactIdentifier: z.string().default('artifact'),
    type: z.enum(['CODEPIPELINE', 'S3', 'NO_ARTIFACTS']),
    location: z.string().default(''),
    path: z.string().default(''),
    namespaceType: z.literal('NONE', 'must be NONE: no other is played by the local cloud').optional(),
    name: z.string().default(''),
    packaging: z.enum(['NONE', 'ZIP']).optional(),
  })
  .refine(({ type, location, name }) => type !== 'S3' || (location !== '' && name !== ''), {
    message: 'of type S3 need location (a bucket) and name',
  });

/** How a project's builds run in batches; `serviceRole` is the one that starts and stops them. */
export const batchConfig = z.strictObject({
  serviceRole: z.string().min(1).optional(),
  combineArtifacts: flag.optional(),
  restrictions: z
    .strictObject({
      maximumBuildsAllowed: numeric.pipe(z.number().int().min(1).max(100)).optional(),
      computeTypesAllowed: z.array(z.string().min(1)).optional(),
    })
    .optional(),
  timeoutInMins: timeoutMinutes.optional(),
  batchReportMode: z.enum(['REPORT_INDIVIDUAL_BUILDS', 'REPORT_AGGREGATED_BATCH']).optional(),
});

const logsConfig = z.strictObject({
  cloudWatchLogs: z
    .strictObject({
      status: z.enum(['ENABLED', 'DISABLED']),
      groupName: z.string().optional(),
      streamName: z.string().optional(),
    })
    .optional(),
  s3Logs: z
    .strictObject({ status: z.literal('DISABLED', 'must be DISABLED: logs in S3 are not played by the local cloud') })
    .optional(),
});

const zipped = artifactPlace.refine(({ type, packaging }) => type !== 'S3' || packaging === 'ZIP', {
  message: 'of type S3 need packaging ZIP: the local cloud puts no single files',
});

/** What builds leave for later ones. A source cache has no effect here: sources come from S3 as zips. */
const cache = z
  .strictObject({
    type: z.enum(['NO_CACHE', 'S3', 'LOCAL']),
    location: z.string().optional(),
    cacheNamespace: z.string().min(1).optional(),
    modes: z
      .array(
        z.enum(
          ['LOCAL_CUSTOM_CACHE', 'LOCAL_SOURCE_CACHE'],
          'must be LOCAL_CUSTOM_CACHE or LOCAL_SOURCE_CACHE: the local cloud keeps no layers of Docker',
        ),
      )
      .optional(),
  })
  .refine(({ type, location = '' }) => type !== 'S3' || /^[^/]+/.test(location), {
    message: 'of type S3 needs location, as <bucket>/<prefix>',
  });

/** The members of a project as CreateProject takes them; a template's properties are the same with capitals. Any other is refused. */
export const projectShape = z.strictObject({
  name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{1,149}$/),
  description: z.string().max(255).optional(),
  serviceRole: z.string().min(1),
  source: z.strictObject({
    type: z.enum(
      ['CODEPIPELINE', 'NO_SOURCE', 'S3'],
      'must be CODEPIPELINE, S3 or NO_SOURCE: the local cloud plays no other source of a project',
    ),
    location: bucketAndKey.optional(),
    buildspec: z.string().optional(),
  }),
  secondarySources: z.array(secondarySource).max(12).default([]),
  artifacts: zipped,
  secondaryArtifacts: z.array(zipped).max(12).default([]),
  environment: z.strictObject({
    type: z.string(),
    computeType: z.string(),
    image: z.string(),
    imagePullCredentialsType: z.string().optional(),
    privilegedMode: flag.optional(),
    environmentVariables: z.array(variable).default([]),
  }),
  cache: cache.optional(),
  encryptionKey: z.string().optional(),
  timeoutInMinutes: timeoutMinutes.default(60),
  queuedTimeoutInMinutes: numeric.pipe(z.number().min(5).max(480)).default(480),
  logsConfig: logsConfig.optional(),
  buildBatchConfig: batchConfig.optional(),
  tags: z.array(z.strictObject({ key: z.string(), value: z.string() })).optional(),
});

/** A project in the API's words. */
export type ProjectShape = z.output<typeof projectShape>;
