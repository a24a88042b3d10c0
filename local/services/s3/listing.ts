/** What a listing is cut and folded by. */
interface Cut<Row> {
  readonly prefix: string;
  readonly delimiter?: string | undefined;
  readonly most: number;
  /** Whether a row lies before the place where the listing goes on; `common` is the prefix it is folded into. */
  readonly seen: (row: Row, common: string | undefined) => boolean;
}

/** A row that is told itself, or the common prefix that stands for all rows that begin with it. */
export type Entry<Row> = { readonly row: Row; readonly common?: undefined } | { readonly common: string };

/**
 * One page of rows that are sorted by key, and whether more follow. Rows are folded before they are counted: a common prefix counts once, as a
 * row does. Source: ListObjectsV2 in the S3 API reference.
 */
export function pageOf<Row extends { readonly key: string }>(
  rows: readonly Row[],
  { prefix, delimiter, most, seen }: Cut<Row>,
): { readonly entries: readonly Entry<Row>[]; readonly truncated: boolean } {
  const entries: Entry<Row>[] = [];
  let last: string | undefined;
  for (const row of rows) {
    if (!row.key.startsWith(prefix)) continue;
    const common = commonPrefix(row.key, prefix, delimiter);
    if ((common !== undefined && common === last) || seen(row, common)) continue;
    if (entries.length >= most) return { entries, truncated: most > 0 };
    entries.push(common === undefined ? { row } : { common });
    last = common;
  }
  return { entries, truncated: false };
}

/** Whether a key, or the common prefix it is folded into, was told up to the marker. */
export const upTo =
  (marker: string) =>
  ({ key }: { readonly key: string }, common: string | undefined): boolean =>
    marker !== '' && (common === marker || byBytes(key, marker) <= 0);

function commonPrefix(key: string, prefix: string, delimiter: string | undefined): string | undefined {
  const end = delimiter === undefined || delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
  return end < 0 || delimiter === undefined ? undefined : key.slice(0, end + delimiter.length);
}

/** The order of S3: of the bytes of UTF-8, in which the pairs of UTF-16 come last. */
export function byBytes(a: string, b: string): number {
  for (let at = 0; at < a.length && at < b.length; at += 1) {
    const [left, right] = [a.charCodeAt(at), b.charCodeAt(at)];
    if (left !== right) return rank(left) - rank(right);
  }
  return a.length - b.length;
}

const rank = (unit: number): number => (unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit);
