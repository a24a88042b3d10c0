import { StringDecoder } from 'node:string_decoder';

/** A longer line is told in pieces of this many characters. */
const longestLine = 10_000;

/** What is heard from a shell: its lines, and the exit status of each command. */
export interface OutputListener {
  line(text: string): void;
  /** A text without what must not be seen; asked before a long line is cut, so that no cut goes through it. */
  hidden(text: string): string;
  status(code: number): void;
}

/**
 * Cuts what a shell prints into lines. After each command the shell prints a mark, `\x01<mark> <status>`, into the same stream: so
 * everything a command printed is heard before its status, and a last line without a line break is told as one.
 */
export class ShellOutput {
  readonly #sign: string;
  readonly #listener: OutputListener;
  readonly #decoder = new StringDecoder('utf8');
  #pending = '';

  constructor(mark: string, listener: OutputListener) {
    this.#sign = `\u0001${mark} `;
    this.#listener = listener;
  }

  take(data: Buffer): void {
    const lines = (this.#pending + this.#decoder.write(data)).split('\n');
    this.#pending = lines.pop() ?? '';
    for (const line of lines) this.#line(line);
    // A mark is shorter than a line's bound, so the piece cut off here never holds a part of one.
    if (this.#pending.length > 2 * longestLine) this.#pending = this.#listener.hidden(this.#pending);
    while (this.#pending.length > 2 * longestLine) {
      this.#tell(this.#pending.slice(0, longestLine));
      this.#pending = this.#pending.slice(longestLine);
    }
  }

  /** Tells what stands there without a line break; for the end of the shell. */
  end(): void {
    if (this.#pending !== '') this.#tell(this.#pending);
    this.#pending = '';
  }

  #line(line: string): void {
    const at = line.indexOf(this.#sign);
    if (at < 0) return this.#tell(line);
    if (at > 0) this.#tell(line.slice(0, at));
    this.#listener.status(Number(line.slice(at + this.#sign.length)));
  }

  #tell(line: string): void {
    const text = this.#listener.hidden(line.replace(/\r$/, ''));
    for (let start = 0; start === 0 || start < text.length; start += longestLine)
      this.#listener.line(text.slice(start, start + longestLine));
  }
}
