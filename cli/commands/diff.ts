import { readAssembly } from '../../assembly/read-assembly.ts';
import { difference, isNothing } from '../../audit/proof/diff.ts';
import { differenceMarkdown } from '../render/difference.ts';

/** As given on the command line. */
export interface DiffOptions {
  readonly json?: boolean;
}

/** Prints what a change of templates does as a review comment; answers the exit code as diff does: 0 when nothing changes, 1 when something does. */
export function diff(before: string, after: string, { json }: DiffOptions): number {
  const found = difference(readAssembly(before), readAssembly(after));
  console.log(json === true ? JSON.stringify(found, undefined, 2) : differenceMarkdown(found));
  return isNothing(found) ? 0 : 1;
}
