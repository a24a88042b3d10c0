import { terminalText } from './terminal.ts';

/** What AWS says when the cause is one that mergecast knows the mend of. */
const known = [
  {
    says: /not authorized to perform: iam:(?:CreateRole|PutRolePermissionsBoundary|(?:Put|Delete|Attach|Detach)\w*RolePolicy)\b/,
    mend: (environment: string) =>
      `each role of the template needs the PermissionsBoundary mergecast-${environment}-boundary: see docs/decisions/0007-a-boundary-for-what-is-deployed.md`,
  },
] as const;

/**
 * Why something failed, in the words of who says so: whole up to 2,000 characters, further lines `indent` deep so that none looks like one
 * of ours, and followed by what to do where that is known.
 */
export function reasonText(text: string, indent: number, environment = '<environment>'): string {
  const mends = known.filter(({ says }) => says.test(text)).map(({ mend }) => mend(environment));
  return terminalText([text, ...mends].join('\n'), 2000 + mends.join().length).replaceAll(
    '\n',
    `\n${' '.repeat(indent)}`,
  );
}
