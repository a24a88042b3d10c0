import type { Statement } from '../../languages/iam-policy/types.ts';
import { accountOf } from '../cloud/permissions.ts';
import { concerns } from '../principals/held.ts';
import type { Check } from './check.ts';
import { askedOf, isExact } from './conditions.ts';
import { heldIn } from './held-policies.ts';

/** What sets something to work, or makes somebody another. */
const starting = ['codepipeline:StartPipelineExecution', 'events:PutEvents', 'lambda:InvokeFunction', 'sts:AssumeRole'];

/** A role may start, invoke, assume or put events on only what it names, and within its account only events of the kinds it names. */
export const wideIdentity: Check = ({ cloud, permissions }) => {
  const isHeld = heldIn(cloud);
  return permissions.all
    .filter(({ kind, written }) => kind === 'identity' && isHeld(written))
    .flatMap(({ written, policy }) =>
      policy.document.statements
        .filter(({ effect }) => effect === 'Allow')
        .flatMap((statement) => [
          ...starting
            .filter((action) => concerns(statement, action) && !namesAll(statement))
            .map((action) => ({
              resource: written,
              problem: `the role may ${action} on more than it names`,
              value: statement.resources ?? { NotResource: statement.notResources },
              mend: 'name each resource by its ARN',
            })),
          ...looseEvents(statement, written.account).map((key) => ({
            resource: written,
            problem: `the role may put events of any ${key.slice('events:'.length)}`,
            value: askedOf(statement, key),
            mend: `ask for ${key} with StringEquals`,
          })),
        ]),
    );
};

const namesAll = ({ resources }: Statement): boolean => resources?.every((each) => !/[*?]/.test(each)) ?? false;

/** The bus policy of another account asks for the detail type too. */
function looseEvents(statement: Statement, account: string): readonly string[] {
  if (!concerns(statement, 'events:PutEvents')) return [];
  const leaves = statement.resources?.every((bus) => accountOf(bus) !== account) ?? false;
  return ['events:source', ...(leaves ? [] : ['events:detail-type'])].filter(
    (key) => !isExact(askedOf(statement, key)),
  );
}
