import type { Finding } from '../../audit/checks/check.ts';
import { bold, dim, green, red, terminalText } from './terminal.ts';

/** Findings for people: where, what, the value and the mend. */
export function findingsText(findings: readonly Finding[], checks: number): string {
  if (findings.length === 0) return green(`${checks} checks, nothing found`);
  const blocks = findings.map(({ check, stack, logicalId, problem, value, mend }) =>
    [
      `${red(check)}  ${bold(`${safe(stack)}/${safe(logicalId)}`)}`,
      `  ${safe(problem, 600)}`,
      dim(`  value  ${safe(value)}`),
      `  mend   ${safe(mend, 400)}`,
    ].join('\n'),
  );
  const many = findings.length === 1 ? '1 finding' : `${findings.length} findings`;
  return [...blocks, red(`${checks} checks, ${many}`)].join('\n\n');
}

const safe = (text: string, longest?: number): string => terminalText(text, longest).replaceAll('\n', '\\n');
