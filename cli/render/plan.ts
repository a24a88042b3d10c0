import type { ResourceChange } from '../plan/changes.ts';
import type { Cost } from '../plan/cost.ts';
import { bold, dim, green, red, terminalText } from './terminal.ts';

/** What a deployment does to one stack. */
export interface StackPlan {
  readonly stack: string;
  readonly account: string;
  readonly region: string;
  /** What the changes are counted against: the deployed stack, nothing, or nothing because it could not be asked. */
  readonly basis: 'deployed' | 'new' | 'unknown';
  /** Why it could not be asked. */
  readonly reason: string | null;
  readonly changes: readonly ResourceChange[];
  readonly cost: Cost;
}

const signs = { create: green('+'), change: '~', remove: red('-') } as const;

/** One stack's plan: new stacks by type, changed ones by resource, and the cost. */
export function planText({ stack, account, region, basis, reason, changes, cost }: StackPlan): string {
  const title = `${bold(terminalText(stack))}  account ${account}  ${region}`;
  const mark = cost.estimate ? '~' : '';
  const money = `  ${mark}$${cost.perMonth.toFixed(2)} a month, ${mark}$${cost.perMerge.toFixed(3)} a merge`;
  const state = {
    deployed: changes.length === 0 ? 'nothing changes' : counted(changes),
    new: `new: ${counted(changes)}`,
    unknown: `taken as new: ${counted(changes)}; what is deployed is not known: ${reason ?? ''}`,
  }[basis];
  const lines = basis === 'deployed' ? changes.map(changeText) : typesText(changes);
  return [title, `  ${terminalText(state, 1000)}`, ...lines, dim(money)].join('\n');
}

function counted(changes: readonly ResourceChange[]): string {
  const of = (change: ResourceChange['change']) => changes.filter((each) => each.change === change).length;
  const parts = [`${of('create')} to create`, `${of('change')} to change`, `${of('remove')} to remove`];
  return parts.filter((part) => !part.startsWith('0 ')).join(', ');
}

const changeText = ({ id, type, change }: ResourceChange): string =>
  `    ${signs[change]} ${terminalText(`${type} ${id}`)}`;

function typesText(changes: readonly ResourceChange[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const { type } of changes) counts.set(type, (counts.get(type) ?? 0) + 1);
  return [...counts].sort().map(([type, count]) => `    ${signs.create} ${terminalText(`${type} × ${count}`)}`);
}
