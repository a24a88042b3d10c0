import {
  GetObjectCommand,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  type S3Client,
} from '@aws-sdk/client-s3';
import { headPrefix } from '../../events/trail-seal.ts';
import type { Damage } from './damage.ts';
import type { SealedTrail } from './verify.ts';

/** The sealed trail in a bucket. Of every object the first version is read; a later one, or a marker that hides it, is told as damage. */
export async function readSealedBucket(s3: S3Client, bucket: string): Promise<SealedTrail> {
  const firsts = new Map<string, string | undefined>();
  const damages: Damage[] = [];
  const tell = (object: string, problem: string) => void damages.push({ object, line: null, problem });
  for await (const { Versions = [], DeleteMarkers = [] } of paginateVersions(s3, bucket)) {
    for (const { Key = '', VersionId } of Versions) {
      if (firsts.has(Key)) tell(Key, 'there is another version, written later: the first one is read');
      // Versions come newest first, so the last one of a key is its first.
      firsts.set(Key, VersionId);
    }
    for (const { Key = '' } of DeleteMarkers) tell(Key, 'somebody has tried to delete it');
  }
  return {
    headKeys: [...firsts.keys()].filter((key) => key.startsWith(headPrefix)),
    read: async (key) => {
      if (!firsts.has(key)) return undefined;
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key, VersionId: firsts.get(key) }));
      return Body?.transformToString();
    },
    damages,
  };
}

async function* paginateVersions(s3: S3Client, Bucket: string): AsyncGenerator<ListObjectVersionsCommandOutput> {
  let marker: { KeyMarker?: string; VersionIdMarker?: string } | undefined = {};
  while (marker !== undefined) {
    const page: ListObjectVersionsCommandOutput = await s3.send(new ListObjectVersionsCommand({ Bucket, ...marker }));
    yield page;
    const { NextKeyMarker, NextVersionIdMarker } = page;
    marker = page.IsTruncated
      ? {
          ...(NextKeyMarker === undefined ? {} : { KeyMarker: NextKeyMarker }),
          ...(NextVersionIdMarker === undefined ? {} : { VersionIdMarker: NextVersionIdMarker }),
        }
      : undefined;
  }
}
