import { acting } from '../acting.ts';
import { ActionFailure, type Provider } from './action.ts';

interface Found {
  readonly Body: Buffer;
  readonly ETag: string;
  readonly VersionId?: string;
}

/** Source/S3: takes an object of a bucket with versions as it is, the pinned version or key, or the newest. Source: "Amazon S3 source action reference". */
export const s3Source: Provider = {
  required: ['S3Bucket', 'S3ObjectKey', 'PollForSourceChanges'],
  optional: ['AllowOverrideForS3ObjectKey'],
  run: async (context) => {
    const { execution, action, configuration, putArtifact } = context;
    const { S3Bucket: Bucket = '', S3ObjectKey = '' } = configuration;
    const ask = acting(context, 's3');
    const { Status } = await ask<{ Status?: string }>('GetBucketVersioning', { Bucket });
    if (Status !== 'Enabled')
      throw new ActionFailure('ConfigurationError', `Bucket ${Bucket} has no versions: turn versioning on`);
    const pinned = execution.pinned[action.name];
    const {
      Body,
      ETag,
      VersionId = 'null',
    } = await ask<Found>('GetObject', {
      Bucket,
      Key: pinned?.type === 'S3_OBJECT_KEY' ? pinned.value : S3ObjectKey,
      ...(pinned?.type === 'S3_OBJECT_VERSION_ID' ? { VersionId: pinned.value } : {}),
    });
    await putArtifact(action.outputs[0] ?? action.name, Body);
    const summary = `Amazon S3 version id: ${VersionId}`;
    return {
      externalId: VersionId,
      summary,
      revision: { revisionId: VersionId, summary },
      variables: { VersionId, ETag: ETag.replaceAll('"', '') },
    };
  },
};
