/** One command of a push: move `ref` from `before` to `after`; 40 zeros stand for "not there". */
export interface RefCommand {
  readonly ref: string;
  readonly before: string;
  readonly after: string;
}

/** The head of a push: its commands and the client's capabilities, and how many bytes they took. */
export interface PushHead {
  readonly commands: readonly RefCommand[];
  readonly capabilities: readonly string[];
}

/** No push needs more than this for its commands. */
export const largestHeadBytes = 1024 * 1024;

/**
 * Reads the commands of a push up to the flush packet. Answers undefined while more bytes are needed; throws RangeError for what is no
 * pkt-line. Source: git's protocol-common and pack-protocol.
 */
export function readPushHead(bytes: Buffer): PushHead | undefined {
  const commands: RefCommand[] = [];
  let capabilities: readonly string[] = [];
  for (let at = 0; ; ) {
    if (bytes.length < at + 4) return undefined;
    const length = lengthAt(bytes, at);
    if (length === 0) return { commands, capabilities };
    if (bytes.length < at + length) return undefined;
    const [line = '', declared] = bytes
      .subarray(at + 4, at + length)
      .toString('utf8')
      .replace(/\n$/, '')
      .split('\0');
    if (declared !== undefined) capabilities = declared.trim().split(' ');
    const [, before, after, ref] = /^([0-9a-f]{40}) ([0-9a-f]{40}) (.+)$/.exec(line) ?? [];
    if (before !== undefined && after !== undefined && ref !== undefined) commands.push({ ref, before, after });
    else if (!line.startsWith('shallow ') && !line.startsWith('push-cert'))
      throw new RangeError(`'${line.slice(0, 80)}' is no push command`);
    at += length;
  }
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

/** The answer to a push that is refused: every ref with the reason, as git shows it behind "remote rejected". */
export function refusedPush(head: PushHead, reason: string): Buffer {
  const text = reason.replace(/\s+/g, ' ').slice(0, 800);
  const report = Buffer.concat([
    pktLine('unpack ok\n'),
    ...head.commands.map(({ ref }) => pktLine(`ng ${ref} ${text}\n`)),
    flush,
  ]);
  if (!head.capabilities.includes('side-band-64k')) return report;
  return Buffer.concat([pktLine(Buffer.concat([Buffer.from([1]), report])), flush]);
}
