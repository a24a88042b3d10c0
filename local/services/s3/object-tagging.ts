import { z } from 'zod';
import type { Access } from '../../world/service.ts';
import { operation } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { objectAccess } from './access.ts';
import { findBucket, findObject } from './find.ts';
import { shownVersion } from './object-input.ts';
import { changeVersion } from './store-object.ts';
import { readTags, shownTags, tagging } from './tags.ts';

const named = z.object({ Bucket: z.string(), Key: z.string(), VersionId: z.string().optional() });
type Named = z.output<typeof named>;

const access =
  (verb: 'Get' | 'Put' | 'Delete') =>
  ({ Bucket, Key, VersionId }: Named, { world }: { readonly world: World }): Access[] => [
    objectAccess(world, `${verb}Object${VersionId === undefined ? '' : 'Version'}Tagging`, Bucket, Key),
  ];

/** A version's tags. */
export const getObjectTagging = operation({
  input: named,
  access: access('Get'),
  run: ({ Bucket, Key, VersionId }, { world }) => {
    const object = findObject(world, Bucket, Key, VersionId);
    return { ...shownVersion(findBucket(world, Bucket), object), ...shownTags(object.tags ?? {}) };
  },
});

/** Replaces a version's tags. */
export const putObjectTagging = operation({
  input: named.extend({ Tagging: tagging }),
  access: access('Put'),
  run: ({ Bucket, Key, VersionId, Tagging }, { world }) => {
    const object = findObject(world, Bucket, Key, VersionId);
    const tags = readTags(Tagging.TagSet, 10);
    changeVersion(world, object, (row) => ({ ...row, tags }));
    return shownVersion(findBucket(world, Bucket), object);
  },
});

/** Takes all tags off a version. */
export const deleteObjectTagging = operation({
  input: named,
  access: access('Delete'),
  run: ({ Bucket, Key, VersionId }, { world }) => {
    const object = findObject(world, Bucket, Key, VersionId);
    changeVersion(world, object, ({ tags: _tags, ...row }) => row);
    return shownVersion(findBucket(world, Bucket), object);
  },
});
