import { createInterface } from 'node:readline/promises';
import type { Readable, Writable } from 'node:stream';
import { Fault, type FaultCode } from '../shared/fault.ts';
import { terminalText } from './render/terminal.ts';

/** Where a person is asked. Questions go to standard error, so that standard output stays what the verb says. */
export interface Terminal {
  readonly input: Readable & { readonly isTTY?: boolean };
  readonly output: Writable;
}

const own: Terminal = { input: process.stdin, output: process.stderr };

/** Whether somebody is there to answer. */
export const canAsk = ({ input }: Terminal = own): boolean => input.isTTY === true;

/** What a choice is about, and how a refusal is told where nobody can be asked. */
export interface Choice {
  /** Such as `which environment`. */
  readonly question: string;
  readonly code: FaultCode;
  /** What the call lacks; the choices are added. */
  readonly subject: string;
}

/**
 * The one of `names` that is meant: the only one, or the one that a person picks by number or name. Throws the fault of `choice`, which names
 * the choices, when nobody can be asked or the answer is none of them.
 */
export async function choose(names: readonly string[], choice: Choice, terminal: Terminal = own): Promise<string> {
  const [only, ...others] = names;
  if (only !== undefined && others.length === 0) return only;
  const refusal = () => new Fault(choice.code, terminalText(`${choice.subject}: ${names.join(', ')}`, 2000));
  if (only === undefined || !canAsk(terminal)) throw refusal();
  for (const [index, name] of names.entries()) terminal.output.write(`  ${index + 1}  ${terminalText(name)}\n`);
  const said = await ask(`${choice.question}? `, terminal);
  const found = names.includes(said) ? said : /^\d{1,4}$/.test(said) ? names[Number(said) - 1] : undefined;
  if (found === undefined) throw refusal();
  return found;
}

/** Asks for one line; the end of the input, or `stopped`, is an empty one. */
export async function ask(question: string, { input, output }: Terminal = own, stopped?: AbortSignal): Promise<string> {
  const lines = createInterface({ input, output, terminal: false, ...(stopped && { signal: stopped }) });
  try {
    output.write(terminalText(question, 500));
    const ended = new Promise<string>((resolve) => lines.once('close', () => resolve('')));
    const line = new Promise<string>((resolve) => lines.once('line', resolve));
    return (await Promise.race([line, ended])).trim();
  } finally {
    lines.close();
  }
}
