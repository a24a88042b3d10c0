import { managedPolicies, users } from './services/iam/tables.ts';
import { upperAlphanumeric } from './world/chance.ts';
import { type Credentials, issueCredentials } from './world/credentials.ts';
import type { UserPrincipal } from './world/principal.ts';
import type { World } from './world/world.ts';

const administratorAccess = 'arn:aws:iam::aws:policy/AdministratorAccess';

/** AWS's own managed policies that pretend accounts start with. */
const awsPolicies: Readonly<Record<string, unknown>> = {
  AdministratorAccess: allowing(['*']),
  AWSCloudFormationReadOnlyAccess: allowing([
    'cloudformation:Describe*',
    'cloudformation:EstimateTemplateCost',
    'cloudformation:Get*',
    'cloudformation:List*',
    'cloudformation:ValidateTemplate',
    'cloudformation:Detect*',
  ]),
  ReadOnlyAccess: allowing(['*:Get*', '*:List*', '*:Describe*', '*:BatchGet*']),
  'service-role/AWSLambdaBasicExecutionRole': allowing([
    'logs:CreateLogGroup',
    'logs:CreateLogStream',
    'logs:PutLogEvents',
  ]),
};

function allowing(actions: readonly string[]): unknown {
  return { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }] };
}

/** Fills in what every account has from the beginning. */
export function foundAccounts(world: World): void {
  for (const [name, document] of Object.entries(awsPolicies)) {
    const arn = `arn:aws:iam::aws:policy/${name}`;
    world.store.in(managedPolicies).put(arn, { arn, name, account: 'aws', document });
  }
}

/** The account's administrator, a user with AdministratorAccess, made on first use. */
export function administrator(world: World, account: string): UserPrincipal {
  const arn = `arn:aws:iam::${account}:user/administrator`;
  const known = world.store.in(users).get(arn);
  const id = known?.id ?? `AIDA${world.chance.text(17, upperAlphanumeric)}`;
  if (known === undefined) {
    world.store
      .in(users)
      .put(arn, { arn, name: 'administrator', account, id, inline: {}, managed: [administratorAccess] });
  }
  return { type: 'user', account, arn, userId: id };
}

/** A long-term key pair of the account's administrator. */
export const administratorKeys = (world: World, account: string): Credentials =>
  issueCredentials(world, administrator(world, account));
