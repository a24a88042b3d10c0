/** More than any report of a push needs; a longer one is not read on. */
const largestReportBytes = 4 * 1024 * 1024;

const bandOfData = 1;

/**
 * Reads receive-pack's answer as it passes and says which refs were accepted, as soon as the report is complete: before git has ended
 * and before the client has the answer. Source: git's pack-protocol, "report-status" and "side-band-64k".
 */
export class PushReport {
  readonly #sideBand: boolean;
  readonly #onAccepted: (refs: ReadonlySet<string>) => void;
  #outer: Buffer = Buffer.alloc(0);
  #report: Buffer = Buffer.alloc(0);
  #done = false;

  constructor(capabilities: readonly string[], onAccepted: (refs: ReadonlySet<string>) => void) {
    this.#sideBand = capabilities.includes('side-band-64k') || capabilities.includes('side-band');
    this.#onAccepted = onAccepted;
  }

  /** Takes the next piece of git's output; what is no report is let pass. */
  take(chunk: Buffer): void {
    if (this.#done) return;
    if (this.#sideBand) this.#takeBands(chunk);
    else this.#report = Buffer.concat([this.#report, chunk]);
    if (this.#report.length > largestReportBytes) this.#done = true;
    else this.#finish();
  }

  #takeBands(chunk: Buffer): void {
    const { packets, rest } = packetsOf(Buffer.concat([this.#outer, chunk]));
    this.#outer = rest;
    const data = packets.filter((packet) => packet[0] === bandOfData).map((packet) => packet.subarray(1));
    this.#report = Buffer.concat([this.#report, ...data]);
  }

  #finish(): void {
    const { packets, flushed } = packetsOf(this.#report);
    if (!flushed) return;
    this.#done = true;
    const lines = packets.map((packet) => packet.toString('utf8').replace(/\n$/, ''));
    this.#onAccepted(new Set(lines.filter((line) => line.startsWith('ok ')).map((line) => line.slice(3))));
  }
}

/** The whole packets at the start of `bytes`, up to a flush packet if there is one, and what is left. */
function packetsOf(bytes: Buffer): { packets: readonly Buffer[]; rest: Buffer; flushed: boolean } {
  const packets: Buffer[] = [];
  let at = 0;
  while (bytes.length >= at + 4) {
    const length = Number.parseInt(bytes.subarray(at, at + 4).toString('latin1'), 16);
    if (!(length >= 4)) return { packets, rest: bytes.subarray(at + 4), flushed: true };
    if (bytes.length < at + length) break;
    packets.push(bytes.subarray(at + 4, at + length));
    at += length;
  }
  return { packets, rest: bytes.subarray(at), flushed: false };
}
