import type { Statement } from '../../languages/iam-policy/types.ts';
import type { HeldPolicy } from '../cloud/policies.ts';
import type { Check } from './check.ts';
import { askedOf, isExact, isWholeAccount, namesAccount, namesRoles } from './conditions.ts';

/** Services whose calls to a key carry no source, so that no condition can be asked. Source: the EventBridge guide on encrypted SNS topics. */
const sourceless: Readonly<Record<string, readonly string[]>> = { 'AWS::KMS::Key': ['events.amazonaws.com'] };

/**
 * Resource policies that let in more than somebody known: everyone without an organisation; a service for whomever it works; a whole other account.
 * A function's permission counts as the resource policy that it is.
 */
export const openPrincipal: Check = ({ permissions }) =>
  permissions.all
    .filter(({ kind }) => kind === 'resource')
    .flatMap((held) =>
      held.policy.document.statements
        .filter(({ effect }) => effect === 'Allow')
        .flatMap((statement) => {
          const problem = problemOf(statement, held);
          return problem === undefined ? [] : [{ resource: held.written, ...problem }];
        }),
    );

function problemOf(statement: Statement, held: HeldPolicy) {
  const { principals } = statement;
  if (principals === undefined) return undefined;
  if (principals.anyone && !isConfined(statement))
    return {
      problem: 'everyone in the world is let in',
      value: { Principal: '*', Action: statement.actions },
      mend: 'name who may, or ask for aws:PrincipalOrgID',
    };
  const service = principals.service.find((name) => !isAskedForSource(statement, name, held));
  if (service !== undefined)
    return {
      problem: `${service} is let in for whomever it works`,
      value: { Principal: { Service: service }, Action: statement.actions },
      mend: 'ask for aws:SourceArn, and for aws:SourceAccount where that ARN names no account',
    };
  const other = principals.aws.find((name) => isWholeAccount(name) && !name.includes(held.written.account));
  if (other === undefined || namesRoles(askedOf(statement, 'aws:principalarn'))) return undefined;
  return {
    problem: 'everybody in another account is let in',
    value: { Principal: { AWS: other }, Action: statement.actions },
    mend: 'ask for the role with aws:PrincipalArn',
  };
}

/** Everyone of an organisation, an account, or an account's roles is not everyone. */
const isConfined = (statement: Statement): boolean =>
  ['aws:principalorgid', 'aws:principalaccount', 'aws:sourceaccount', 'aws:sourceorgid', 'aws:sourceowner'].some(
    (key) => isExact(askedOf(statement, key)),
  ) ||
  askedOf(statement, 'aws:principalorgpaths') !== undefined ||
  ['aws:principalarn', 'aws:sourcearn'].some((key) => namesAccount(askedOf(statement, key)));

function isAskedForSource(statement: Statement, service: string, { written }: HeldPolicy): boolean {
  if (sourceless[written.type]?.includes(service) === true) return true;
  // Making a log stream writes nothing; EventBridge's own policy asks for no source there.
  if (written.type === 'AWS::Logs::ResourcePolicy' && statement.actions?.join() === 'logs:CreateLogStream') return true;
  const source = askedOf(statement, 'aws:sourcearn');
  return namesAccount(source) || (isExact(source) && isExact(askedOf(statement, 'aws:sourceaccount')));
}
