import { isUtf8 } from 'node:buffer';
import { isRefName } from '../../services/codecommit/refs.ts';

/** One command of a push: move `ref` from `before` to `after`; 40 zeros stand for "not there". */
export interface RefCommand {
  readonly ref: string;
  readonly before: string;
  readonly after: string;
}

/** The head of a push: its commands and the client's capabilities. */
export interface PushHead {
  readonly commands: readonly RefCommand[];
  readonly capabilities: readonly string[];
}

/** No push needs more than this for its commands. */
const largestHeadBytes = 2 * 1024 * 1024;

/** As many refs as CodeCommit takes in one push. Source: the quotas page of its guide. */
const mostCommands = 4000;

/**
 * Reads the commands of a push up to the flush packet, piece by piece. IAM decides by what is read here, so everything that git might
 * understand in another way throws RangeError: other line forms, signed pushes, names that are no refs, one ref named twice.
 * Source: git's protocol-common and pack-protocol.
 */
export class PushHeadReader {
  readonly #commands = new Map<string, RefCommand>();
  #capabilities: readonly string[] = [];
  #rest: Buffer = Buffer.alloc(0);
  #bytes = 0;

  /** Answers undefined while more bytes are needed. */
  take(chunk: Buffer): PushHead | undefined {
    const bytes = Buffer.concat([this.#rest, chunk]);
    let at = 0;
    for (; bytes.length >= at + 4; ) {
      const length = lengthAt(bytes, at);
      if (length === 0) return { commands: [...this.#commands.values()], capabilities: this.#capabilities };
      if (bytes.length < at + length) break;
      this.#takeLine(bytes.subarray(at + 4, at + length));
      at += length;
    }
    this.#rest = bytes.subarray(at);
    this.#bytes += at;
    if (this.#bytes > largestHeadBytes)
      throw new RangeError(`the commands of the push are longer than ${largestHeadBytes} bytes`);
    return undefined;
  }

  #takeLine(content: Buffer): void {
    const line = readLine(content);
    if (line.capabilities !== undefined) this.#capabilities = line.capabilities;
    if (line.command !== undefined) addCommand(this.#commands, line.command);
  }
}

function addCommand(commands: Map<string, RefCommand>, command: RefCommand): void {
  if (commands.has(command.ref)) throw new RangeError(`the push names ${command.ref} twice`);
  if (commands.size === mostCommands) throw new RangeError(`a push may change at most ${mostCommands} references`);
  commands.set(command.ref, command);
}

function readLine(content: Buffer): { command?: RefCommand; capabilities?: readonly string[] } {
  if (!isUtf8(content)) throw new RangeError('a push command is not UTF-8');
  const [line = '', declared] = content.toString('utf8').replace(/\n$/, '').split('\0');
  const capabilities = declared === undefined ? {} : { capabilities: declared.trim().split(' ') };
  if (/^shallow [0-9a-f]{40}$/.test(line)) return capabilities;
  const [, before, after, ref] = /^([0-9a-f]{40}) ([0-9a-f]{40}) (refs\/.+)$/.exec(line) ?? [];
  if (before === undefined || after === undefined || ref === undefined || !isRefName(ref))
    throw new RangeError(`'${line.slice(0, 120)}' is no push command: '<old id> <new id> refs/<name>' is`);
  return { command: { ref, before, after }, ...capabilities };
}

function lengthAt(bytes: Buffer, at: number): number {
  const text = bytes.subarray(at, at + 4).toString('latin1');
  const length = /^[0-9a-fA-F]{4}$/.test(text) ? Number.parseInt(text, 16) : -1;
  if (length < 0 || (length > 0 && length < 4)) throw new RangeError(`'${text}' is no pkt-line length`);
  return length;
}

/** A packet with its length in front. */
export const pktLine = (content: string | Buffer): Buffer => {
  const bytes = Buffer.from(content);
  return Buffer.concat([Buffer.from((bytes.length + 4).toString(16).padStart(4, '0')), bytes]);
};

/** Ends a list of packets. */
export const flush = Buffer.from('0000');

/** A packet of side-band data; git takes at most 65,520 bytes with the length and the band. */
const largestBandBytes = 65_515;

/** The answer to a push that is refused: every ref with the reason, as git shows it behind "remote rejected". */
export function refusedPush(head: PushHead, reason: string): Buffer {
  const text = reason.replace(/\s+/g, ' ').slice(0, 800);
  const refusals = head.commands.map(({ ref }) => pktLine(`ng ${ref} ${text}\n`));
  const report = Buffer.concat([pktLine('unpack ok\n'), ...refusals, flush]);
  if (!head.capabilities.includes('side-band-64k')) return report;
  const bands: Buffer[] = [];
  for (let at = 0; at < report.length; at += largestBandBytes)
    bands.push(pktLine(Buffer.concat([Buffer.from([1]), report.subarray(at, at + largestBandBytes)])));
  return Buffer.concat([...bands, flush]);
}
