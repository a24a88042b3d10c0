import { sha256, type TrailHead } from '../../events/trail-seal.ts';

/** What is wrong at one place of the sealed trail. */
export interface Damage {
  /** The key of the object. */
  readonly object: string;
  /** Counted from 1; null when the object as a whole is meant. */
  readonly line: number | null;
  readonly problem: string;
}

/** Compares a segment with what its head says of it: every line that was altered, removed, added, doubled, moved or cut. None when it is whole. */
export function damageOf(
  segment: string,
  { segment: object, segmentSha256, lines: sealed }: TrailHead,
  digest: (line: string) => string = sha256,
): readonly Damage[] {
  const cut = segment !== '' && !segment.endsWith('\n');
  const texts = segment.split('\n');
  if (!cut) texts.pop();
  const found = texts.map(digest);
  const damages = damagesBetween(sealed, found).map(({ line, problem }) => ({ object, line, problem }));
  // The lines may all be there, and their last newline not.
  if (cut) damages.push({ object, line: texts.length, problem: 'this line is cut: its newline is missing' });
  if (damages.length === 0 && sha256(segment) !== segmentSha256)
    damages.push({ object, line: 0, problem: 'the digest of the segment is not that of its lines' });
  return damages;
}

interface LineDamage {
  readonly line: number;
  readonly problem: string;
}

/** Walks both lists side by side. Lines hold unique ids, so no digest stands twice in a segment that is whole. */
function damagesBetween(sealed: readonly string[], found: readonly string[]): LineDamage[] {
  const known = new Map(sealed.map((sum, index) => [sum, index + 1]));
  const present = new Set(found);
  const seen = new Set<string>();
  const damages: LineDamage[] = [];
  const tell = (line: number, problem: string) => void damages.push({ line, problem });
  let [i, j] = [0, 0];
  while (i < sealed.length || j < found.length) {
    const [want, have] = [sealed[i], found[j]];
    const gone = want !== undefined && !present.has(want);
    if (have === undefined && !gone) i++;
    else if (have === undefined) tell(++i, 'this line was removed');
    else if (want === have) [i, j] = [i + 1, j + 1];
    else if (seen.has(have))
      tell(++j, `this line stands a second time: it is sealed as line ${known.get(have) ?? '?'}`);
    else if (gone && known.has(have)) tell(++i, 'this line was removed');
    else {
      // An altered line stands for the one that is gone, a moved one for the one that it displaced.
      const moved = known.get(have);
      if (moved === undefined) tell(++j, gone ? 'this line was altered' : 'this line was added: it was never sealed');
      else tell(++j, `this line was moved: it is sealed as line ${moved}`);
      if (want !== undefined && (gone || moved !== undefined)) i++;
    }
    if (have !== undefined && found[j - 1] === have) seen.add(have);
  }
  return damages;
}
