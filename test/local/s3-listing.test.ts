import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buckets, objects } from '../../local/services/s3/tables.ts';
import { type IdentityWorld, identityWorld, place } from './identity-world.ts';

let cloud: IdentityWorld;
beforeAll(async () => {
  cloud = await identityWorld();
});
afterAll(() => cloud.close());

type Page = Record<string, unknown> & {
  readonly IsTruncated: boolean;
  readonly Contents: readonly { readonly Key: string }[];
  readonly CommonPrefixes: readonly { readonly Prefix: string }[];
  readonly Version?: readonly { readonly Key: string; readonly VersionId: string }[];
};
const ask = (operation: string, input: object) => cloud.ask<Page>('s3', operation, { Bucket: 'listed', ...input });

/** Puts a bucket with these keys and numbers of versions in place, without bytes. */
function fill(keys: readonly string[], versions = 1): void {
  const { store } = cloud.world;
  for (const id of store.in(objects).keys()) store.in(objects).delete(id);
  const bucket = { name: 'listed', arn: 'arn:aws:s3:::listed', ...place, versioned: true, createdAt: '' };
  store.in(buckets).put('listed', bucket);
  const row = { ...{ bucket: 'listed', deleteMarker: false, file: '', sizeBytes: 0 }, etag: '', contentType: '' };
  for (const key of keys) {
    const ids = Array.from({ length: versions }, (_, index) => `${index}`.padStart(32, '0'));
    const rows = ids.map((versionId) => ({ ...row, key, versionId, metadata: {}, modifiedAt: 0 }));
    store.in(objects).put(`listed/${key}`, rows);
  }
}

/** What is listed, keys and common prefixes, in the plainest way: fold all, then sort by bytes. */
function expected(keys: readonly string[], prefix: string, delimiter: string | undefined): string[] {
  const folded = keys
    .filter((key) => key.startsWith(prefix))
    .map((key) => {
      const parts = delimiter === undefined ? [] : key.slice(prefix.length).split(delimiter);
      return parts.length > 1 ? `${prefix}${parts[0]}${delimiter}` : key;
    });
  return [...new Set(folded)].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}

const entriesOf = ({ Contents, CommonPrefixes }: Page): string[] =>
  [...Contents.map(({ Key }) => Key), ...CommonPrefixes.map(({ Prefix }) => Prefix)].sort((a, b) =>
    Buffer.compare(Buffer.from(a), Buffer.from(b)),
  );

/** All pages of a listing, by what each of them says comes next. */
async function pagesOf(operation: string, input: object, next: (page: Page) => object): Promise<Page[]> {
  const pages = [await ask(operation, input)];
  for (let page = pages[0]; page?.IsTruncated; page = pages.at(-1)) {
    expect(pages.length).toBeLessThan(50);
    pages.push(await ask(operation, { ...input, ...next(page) }));
  }
  return pages;
}

const key = fc.string({ unit: fc.constantFrom('a', 'b', '/', '-', 'é', '\uffee', '😀'), minLength: 1, maxLength: 6 });
const question = fc.record(
  { Prefix: fc.constantFrom('', 'a', 'a/', 'b/a'), Delimiter: fc.constantFrom('/', '-', 'ab') },
  { requiredKeys: [] },
);

test('pages of any size hold together what there is, folded, in the order of bytes and each entry once', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(key, { maxLength: 12 }),
      question,
      fc.integer({ min: 1, max: 4 }),
      async (keys, asked, MaxKeys) => {
        fill(keys);
        const model = expected(keys, asked.Prefix ?? '', asked.Delimiter);
        const input = { ...asked, MaxKeys };

        const second = await pagesOf('ListObjectsV2', input, ({ NextContinuationToken }) => ({
          ContinuationToken: NextContinuationToken,
        }));
        // Without a delimiter the first form names no marker: the last key is it.
        const first = await pagesOf('ListObjects', input, ({ NextMarker, Contents }) => ({
          Marker: NextMarker ?? Contents.at(-1)?.Key,
        }));

        for (const pages of [second, first]) {
          expect(pages.flatMap(entriesOf)).toEqual(model);
          for (const page of pages.slice(0, -1)) expect(entriesOf(page)).toHaveLength(MaxKeys);
        }
        expect(second.map(({ KeyCount }) => KeyCount)).toEqual(second.map((page) => entriesOf(page).length));
      },
    ),
    { numRuns: 150 },
  );
});

test('pages of versions hold each version once, the newest of a key first', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(key, { maxLength: 6 }),
      fc.integer({ min: 1, max: 3 }),
      fc.integer({ min: 1, max: 4 }),
      async (keys, versions, MaxKeys) => {
        fill(keys, versions);

        const pages = await pagesOf('ListObjectVersions', { MaxKeys }, ({ NextKeyMarker, NextVersionIdMarker }) => ({
          KeyMarker: NextKeyMarker,
          VersionIdMarker: NextVersionIdMarker,
        }));

        const listed = pages.flatMap(({ Version = [] }) =>
          Version.map(({ Key, VersionId }) => [Key, Number(VersionId)]),
        );
        const model = expected(keys, '', undefined).flatMap((each) =>
          Array.from({ length: versions }, (_, index) => [each, index]),
        );
        expect(listed).toEqual(model);
      },
    ),
    { numRuns: 60 },
  );
});

test('a listing goes on behind a key that is not there, and a prefix goes on with what is left of it', async () => {
  fill(['a', 'b/1', 'b/2', 'c']);

  expect(entriesOf(await ask('ListObjectsV2', { StartAfter: 'aa' }))).toEqual(['b/1', 'b/2', 'c']);
  expect(entriesOf(await ask('ListObjectsV2', { StartAfter: 'b/1', Delimiter: '/' }))).toEqual(['b/', 'c']);
  expect(entriesOf(await ask('ListObjects', { Marker: 'b/', Delimiter: '/' }))).toEqual(['c']);
});

test('no keys are a page too, and wrong numbers, tokens and encodings are refused', async () => {
  fill(['a', 'b']);

  expect(await ask('ListObjectsV2', { MaxKeys: 0 })).toMatchObject({ IsTruncated: false, KeyCount: 0, Contents: [] });
  for (const [input, text] of [
    [{ MaxKeys: '-1' }, 'Argument max-keys must be an integer between 0 and 2147483647'],
    [{ MaxKeys: 'many' }, 'Provided max-keys not an integer or within integer range'],
    [{ ContinuationToken: 'x' }, 'The continuation token provided is incorrect'],
    [{ EncodingType: 'base64' }, 'Invalid Encoding Method specified in Request'],
  ] as const)
    await expect(ask('ListObjectsV2', input)).rejects.toMatchObject({ name: 'InvalidArgument', message: text });
});
