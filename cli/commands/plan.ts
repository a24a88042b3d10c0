import { join } from 'node:path';
import { readAssembly } from '../../assembly/read-assembly.ts';
import type { AssemblyStack } from '../../assembly/types.ts';
import type { ConnectionOptions } from '../connection.ts';
import { exitCodes } from '../exit-codes.ts';
import { changesBetween } from '../plan/changes.ts';
import { costBasis, costOf } from '../plan/cost.ts';
import { deployedOf } from '../plan/deployed.ts';
import { planText, type StackPlan } from '../render/plan.ts';
import { terminalText } from '../render/terminal.ts';
import { runDirectory } from '../run-directory.ts';
import { synthesize } from '../synthesize.ts';

/** As given on the command line. */
export interface PlanOptions extends ConnectionOptions {
  /** The folder of another organisation than the checkout's own. */
  readonly organisation?: string;
  /** Templates that are synthesized already. @default - the app is synthesized now */
  readonly assembly?: string;
  readonly json?: boolean;
}

const checkout = join(import.meta.dirname, '..', '..');

/** Prints what a deployment would create, change and remove in each account, and what it costs; deploys nothing. Answers the exit code. */
export async function plan(options: PlanOptions): Promise<number> {
  const stacks = await synthesized(options);
  const plans = await Promise.all(stacks.map((stack) => planOf(stack, options)));
  console.log(
    options.json === true
      ? JSON.stringify({ stacks: plans, basis: costBasis }, undefined, 2)
      : `${plans.map(planText).join('\n\n')}\n\n${costBasis}`,
  );
  return exitCodes.done;
}

async function synthesized({ assembly, organisation, json }: PlanOptions): Promise<readonly AssemblyStack[]> {
  if (assembly !== undefined) return readAssembly(assembly).stacks;
  const own = await runDirectory(join(checkout, '.mergecast'));
  try {
    const directory = join(own.path, 'cdk.out');
    const notes = await synthesize(checkout, directory, organisation);
    for (const note of notes) if (json !== true) console.log(terminalText(note, 500));
    return readAssembly(directory).stacks;
  } finally {
    await own.discard();
  }
}

async function planOf(stack: AssemblyStack, options: ConnectionOptions): Promise<StackPlan> {
  const { name, account, region, templateText } = stack;
  const deployed = await deployedOf(stack, options);
  const before = deployed.kind === 'deployed' ? deployed.templateText : undefined;
  const changes = changesBetween(before, templateText);
  const place = { stack: name, account, region, cost: costOf(stack) };
  if (changes === undefined)
    return {
      ...place,
      basis: 'unknown',
      reason: 'the deployed template is no JSON',
      changes: changesBetween(undefined, templateText) ?? [],
    };
  return { ...place, basis: deployed.kind, reason: deployed.kind === 'unknown' ? deployed.reason : null, changes };
}
