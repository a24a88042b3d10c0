import type { Statement } from '../../languages/iam-policy/types.ts';
import type { Cloud, CloudResource } from '../cloud/cloud.ts';
import { listIn, objectIn, textIn } from '../cloud/values.ts';
import { actorRoles, roleOf } from '../routes/actors.ts';
import type { Check, Verdict } from './check.ts';
import { askedOf, isExact } from './conditions.ts';

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

/** Who a role is for: rules and schedules, which AWS names in aws:SourceArn, and functions and pipelines. */
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
  for (const { arn, properties, type } of cloud.resources.filter(({ type }) => sourceTypes.includes(type)))
    for (const target of listIn(type === 'AWS::Events::Rule' ? properties['Targets'] : properties['Target'])) {
      const role = textIn(objectIn(target)['RoleArn']);
      if (role !== undefined) of(role).sources.add(arn);
    }
  for (const resource of cloud.resources.filter(({ type }) => workerTypes.includes(type))) {
    const role =
      resource.type === 'AWS::CodePipeline::Pipeline' ? textIn(resource.properties['RoleArn']) : roleOf(resource);
    if (role !== undefined) of(role).workers++;
  }
  return users;
}

const sourceTypes = ['AWS::Events::Rule', 'AWS::Scheduler::Schedule'];
const workerTypes = [
  ...Object.keys(actorRoles).filter((type) => type !== 'AWS::CodeBuild::Project'),
  'AWS::CodePipeline::Pipeline',
];

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
  if (foreign.length > 0 && !isNarrow(askedOf(statement, 'aws:principalarn'), foreign))
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
        'more than its rules can assume the role',
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

/** Below one path of the account at least. */
const isNarrow = (asked: readonly string[] | undefined, accounts: readonly string[]): boolean =>
  asked !== undefined &&
  asked.every(
    (arn) => accounts.some((account) => arn.includes(account.match(/\d{12}/)?.[0] ?? '')) && !/:role\/\*|:\*/.test(arn),
  );

/** EventBridge Scheduler names the group where it names a schedule. Source: "Confused deputy prevention" in its guide. */
const isGroupOf = (arn: string, schedules: ReadonlySet<string>): boolean =>
  arn.includes(':schedule-group/') &&
  [...schedules].some((schedule) => schedule.startsWith(`${arn.replace(':schedule-group/', ':schedule/')}/`));

const isWholeAccount = (principal: string): boolean => /^(\d{12}|arn:[^:]+:iam::\d{12}:root)$/.test(principal);
