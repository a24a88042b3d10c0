import { type KeyObject, verify as verifySignature } from 'node:crypto';
import { firstMoment, headKey, noHead, type ReadHead, readHead, sha256 } from '../../events/trail-seal.ts';
import { Fault } from '../../shared/fault.ts';
import { type Damage, damageOf } from './damage.ts';

/** The objects of a sealed trail, wherever they are read from. */
export interface SealedTrail {
  /** The keys of all heads, in any order. */
  readonly headKeys: readonly string[];
  /** The text of an object; undefined when there is none. */
  readonly read: (key: string) => Promise<string | undefined>;
  /** What is wrong with the objects themselves, such as a second version. */
  readonly damages: readonly Damage[];
}

/** What a check of a sealed trail found. */
export interface Verdict {
  readonly heads: number;
  readonly records: number;
  /** The end of the last window, ISO 8601; null where there is no head. */
  readonly until: string | null;
  /** SHA-256 of the last head's object: whoever keeps it can tell later that the chain only grew. */
  readonly lastHead: string | null;
  /** What CloudWatch Logs calls the lines that are sealed. */
  readonly logEventIds: ReadonlySet<string>;
  readonly damages: readonly Damage[];
}

/** What is known of the chain so far. */
interface Chain {
  readonly sha256: string;
  readonly until: string;
}

/** Checks chain, signatures and segments from the first head to the last. `onHead` tells that it is at work. */
export async function verifyTrail(
  trail: SealedTrail,
  publicKey: KeyObject,
  onHead: (number: number) => void = () => undefined,
): Promise<Verdict> {
  const damages = [...trail.damages];
  const logEventIds = new Set<string>();
  const last = lastNumber(trail.headKeys, damages);
  let chain: Chain | undefined = { sha256: noHead, until: firstMoment };
  for (let number = 1; number <= last; number++) {
    const key = headKey(number);
    const text = await trail.read(key);
    const read = text === undefined ? undefined : readOrTell(key, text, damages);
    if (text === undefined) damages.push(whole(key, 'this head is missing'));
    if (read !== undefined) {
      damages.push(...damagesOfHead(key, number, read, { chain, publicKey }));
      damages.push(...(await damagesOfSegment(trail, read, logEventIds)));
    }
    chain = text === undefined ? undefined : { sha256: sha256(text), until: read?.head.until ?? '' };
    onHead(number);
  }
  const until = chain !== undefined && last > 0 ? chain.until : null;
  return { heads: last, records: logEventIds.size, until, lastHead: chain?.sha256 ?? null, logEventIds, damages };
}

const whole = (object: string, problem: string): Damage => ({ object, line: null, problem });

/** The highest number among the keys; a key that no head can have is told. */
function lastNumber(keys: readonly string[], damages: Damage[]): number {
  let last = 0;
  for (const key of keys) {
    const number = Number(/^heads\/(\d{10})\.json$/.exec(key)?.[1] ?? 0);
    if (number === 0) damages.push(whole(key, 'no head has this key'));
    last = Math.max(last, number);
  }
  // A forged key with a huge number must not make this run for ever: there are no more heads than keys, but for those removed.
  if (last > keys.length + 100_000) {
    damages.push(whole(headKey(last), `its number is far beyond the ${keys.length} heads there are`));
    return keys.length;
  }
  return last;
}

function readOrTell(key: string, text: string, damages: Damage[]): ReadHead | undefined {
  try {
    return readHead(text);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    damages.push(whole(key, error.message));
    return undefined;
  }
}

function damagesOfHead(
  key: string,
  number: number,
  { head, body, signature }: ReadHead,
  { chain, publicKey }: { readonly chain: Chain | undefined; readonly publicKey: KeyObject },
): readonly Damage[] {
  const problems: string[] = [];
  if (!verifySignature('sha256', Buffer.from(body), publicKey, signature))
    problems.push('the signature is not that of the key over this head');
  if (head.number !== number) problems.push(`this head says that it is number ${head.number}`);
  if (chain !== undefined && head.previous !== chain.sha256)
    problems.push('this head follows another one than the object before it');
  if (chain !== undefined && chain.until !== '' && head.from !== chain.until)
    problems.push(`its window begins at ${head.from}, and the one before ended at ${chain.until}`);
  if (head.until < head.from) problems.push('its window ends before it begins');
  if (head.count !== head.lines.length || head.count !== head.logEventIds.length)
    problems.push(`it counts ${head.count} lines and names ${head.lines.length}`);
  return problems.map((problem) => whole(key, problem));
}

async function damagesOfSegment(
  trail: SealedTrail,
  { head }: ReadHead,
  logEventIds: Set<string>,
): Promise<readonly Damage[]> {
  const damages: Damage[] = [];
  head.logEventIds.forEach((id, index) => {
    if (logEventIds.has(id))
      damages.push({ object: head.segment, line: index + 1, problem: 'this record is sealed twice' });
    logEventIds.add(id);
  });
  const text = await trail.read(head.segment);
  return text === undefined
    ? [...damages, whole(head.segment, 'this segment is missing')]
    : [...damages, ...damageOf(text, head)];
}
