import type { Statement } from '../../languages/iam-policy/types.ts';
import type { Cloud, CloudResource } from '../cloud/cloud.ts';
import { listIn, objectIn, type Properties, textIn } from '../cloud/values.ts';
import { actorRoles, roleOf } from '../routes/actors.ts';
import type { Check, Verdict } from './check.ts';
import { askedOf, isExact, isWholeAccount, namesRoles } from './conditions.ts';

/**
 * Roles that more than they are meant for can assume: a target's role by another rule, a schedule's by another schedule, the role of a function or
 * pipeline on another account's behalf, any role by a whole other account or by everyone.
 */
export const sharedRole: Check = ({ cloud, permissions }) => {
  const users = usersOf(cloud);
  return permissions.all
    .filter(({ kind }) => kind === 'trust')
    .flatMap(({ written, policy }) =>
      policy.document.statements
        .filter(({ effect }) => effect === 'Allow')
        .flatMap((statement) =>
          judge(written, statement, users.get(written.arn) ?? { sources: new Set(), workers: 0 }),
        ),
    );
};

/** Who a role is for: rules, schedules, pipelines and build projects, which AWS names in aws:SourceArn, and the number of functions. */
interface Users {
  readonly sources: Set<string>;
  workers: number;
}

function usersOf(cloud: Cloud): ReadonlyMap<string, Users> {
  const users = new Map<string, Users>();
  const of = (role: string): Users => {
    const known = users.get(role) ?? { sources: new Set(), workers: 0 };
    users.set(role, known);
    return known;
  };
  for (const type of Object.keys(roleHolders))
    for (const resource of cloud.ofType(type))
      for (const role of roleHolders[type]?.(resource.properties) ?? []) of(role).sources.add(resource.arn);
  for (const type of workerTypes)
    for (const resource of cloud.ofType(type)) {
      const role = roleOf(resource);
      if (role !== undefined) of(role).workers++;
    }
  return users;
}

const rolesIn = (holders: unknown): readonly string[] =>
  listIn(holders).flatMap((holder) => textIn(objectIn(holder)['RoleArn']) ?? []);

/** What AWS names in aws:SourceArn when it takes a role, and where these roles stand. */
const roleHolders: Readonly<Record<string, (properties: Properties) => readonly string[]>> = {
  'AWS::Events::Rule': ({ Targets }) => rolesIn(Targets),
  'AWS::Scheduler::Schedule': ({ Target }) => rolesIn(Target),
  'AWS::CodePipeline::Pipeline': rolesIn,
  'AWS::CodeBuild::Project': ({ ServiceRole }) => listIn(ServiceRole).flatMap((role) => textIn(role) ?? []),
};

const workerTypes = Object.keys(actorRoles).filter((type) => !(type in roleHolders));

function judge(role: CloudResource, statement: Statement, { sources, workers }: Users): readonly Verdict[] {
  const { anyone = true, aws = [], service = [] } = statement.principals ?? {};
  const asked = askedOf(statement, 'aws:sourcearn');
  const finding = (problem: string, value: unknown, mend: string): Verdict => ({
    resource: role,
    problem,
    value,
    mend,
  });
  if (anyone && askedOf(statement, 'aws:principalorgid') === undefined)
    return [finding('everyone may assume the role', { Principal: '*' }, 'name who may')];
  const foreign = aws.filter((name) => isWholeAccount(name) && !name.includes(role.account));
  if (foreign.length > 0 && !namesRoles(askedOf(statement, 'aws:principalarn')))
    return [
      finding(
        'a whole other account may assume the role',
        foreign,
        'ask for the role, or its path, with aws:PrincipalArn',
      ),
    ];
  if (service.length === 0) return [];
  if (sources.size > 0) {
    const more = asked?.filter((arn) => !sources.has(arn) && !isGroupOf(arn, sources));
    if (asked !== undefined && more?.length === 0) return [];
    return [
      finding(
        'more than what it is for can assume the role',
        asked,
        `ask for aws:SourceArn ${[...sources].join(', ')} and no other`,
      ),
    ];
  }
  if (workers === 0 || isExact(asked) || isExact(askedOf(statement, 'aws:sourceaccount'))) return [];
  return [
    finding(
      'the service may assume the role for any account',
      service,
      'ask for the own account with aws:SourceAccount',
    ),
  ];
}

/** EventBridge Scheduler names the group where it names a schedule. Source: "Confused deputy prevention" in its guide. */
const isGroupOf = (arn: string, schedules: ReadonlySet<string>): boolean =>
  arn.includes(':schedule-group/') &&
  [...schedules].some((schedule) => schedule.startsWith(`${arn.replace(':schedule-group/', ':schedule/')}/`));
