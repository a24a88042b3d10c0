import { parseArgs } from 'node:util';
import { Fault } from './fault.ts';

/** What `-c name=value` says on a command line, as the CDK CLI writes it. Throws ContextInvalid for anything else. */
export function contextOf(parameters: readonly string[]): Readonly<Record<string, string>> {
  const pairs = parsed(parameters).map((pair) => /^([^=]+)=(.*)$/s.exec(pair) ?? refuse(`'${pair}' has no value`));
  return Object.fromEntries(pairs.map(([, name = '', value = '']) => [name, value]));
}

function parsed(parameters: readonly string[]): readonly string[] {
  try {
    const options = { context: { type: 'string', short: 'c', multiple: true } } as const;
    return parseArgs({ args: [...parameters], options }).values.context ?? [];
  } catch (error) {
    return refuse((error as Error).message);
  }
}

function refuse(what: string): never {
  throw new Fault('ContextInvalid', what);
}
