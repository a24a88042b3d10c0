import { z } from 'zod';
import { commitId, moment } from './fields.ts';
import { objectIn, personOf, type WrittenVersion } from './written-version.ts';

/** A release is for now, not for later. */
export const releaseMilliseconds = 4 * 60 * 60_000;

/** Clocks of people's machines and of Parameter Store may differ by this much. */
const skewMilliseconds = 60_000;

const schema = z.strictObject({ commit: commitId, reason: z.string().trim().min(1).max(300), expires: moment });

/** What two people write, one after the other and the very same, to let one commit through a freeze or without evidence. */
export type Release = Readonly<z.infer<typeof schema>>;

/** The release as its parameter keeps it. */
export const releaseText = (release: Release): string => JSON.stringify(schema.parse(release));

/** Reads what a release's parameter keeps; null for anything else. */
export const readRelease = (value: string): Release | null => schema.safeParse(objectIn(value)).data ?? null;

/** Who let a commit through, and why: the trail keeps it. */
export interface Override {
  readonly reason: string;
  readonly requestedBy: string;
  readonly confirmedBy: string;
}

/**
 * What the versions of a release's parameter amount to for a commit, oldest first: who let it through, or what is missing, or null when
 * nobody asked. AWS says who wrote each version, so that two people it must be rests on nobody's word.
 */
export function overrideFor(
  versions: readonly WrittenVersion[],
  commit: string,
  now: number,
): Override | { readonly missing: string } | null {
  const newest = versions.at(-1);
  if (newest === undefined) return null;
  const release = readRelease(newest.value);
  if (release === null) return { missing: 'the release that was asked for cannot be read' };
  const { reason } = release;
  const expires = Date.parse(release.expires);
  if (release.commit !== commit)
    // What expired for an older commit concerns nobody any longer.
    return now >= expires
      ? null
      : { missing: `the release that was asked for is of ${release.commit}, not of the head` };
  const same = versions.filter(({ value }) => value === newest.value);
  const [request] = same;
  const requestedBy = personOf(request?.by ?? '');
  if (request === undefined || requestedBy === null)
    return { missing: `the release was asked for by ${newest.by}, which names no person` };
  if (expires > request.at + releaseMilliseconds + skewMilliseconds)
    return { missing: 'the release that was asked for lasts longer than 4 hours' };
  if (now >= expires) return { missing: `the release that ${requestedBy} asked for expired at ${release.expires}` };
  const confirmedBy = same
    .filter(({ at }) => at < expires)
    .map(({ by }) => personOf(by))
    .find((person) => person !== null && person !== requestedBy);
  if (confirmedBy === undefined || confirmedBy === null)
    return {
      missing: `${requestedBy} asked for its release, and a second person has to confirm it by ${release.expires}`,
    };
  return { reason, requestedBy, confirmedBy };
}
