import type { ResolvedResources } from './resolved-resources.ts';

/** What gives policies to roles and people, and therefore has to ask for the boundary. Source: the IAM page on permissions boundaries. */
const givingActions = [
  ...['AttachRolePolicy', 'AttachUserPolicy', 'CreateRole', 'CreateUser', 'DeleteRolePermissionsBoundary'],
  ...['DeleteUserPermissionsBoundary', 'PutRolePermissionsBoundary', 'PutRolePolicy', 'PutUserPermissionsBoundary'],
  'PutUserPolicy',
].map((name) => `iam:${name}`);

interface Statement {
  readonly Effect?: string;
  readonly Action?: string | readonly string[];
  readonly NotAction?: unknown;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** Statements of a stack's policies that let somebody give policies away to what has no boundary; managed policies that only bound are none. */
export function unboundedGrants(
  resources: ResolvedResources,
): readonly { readonly logicalId: string; readonly action: string }[] {
  const bounding = new Set(
    resources
      .ofType('AWS::IAM::Role')
      .flatMap(({ properties }) => resources.behind(properties['PermissionsBoundary'])?.logicalId ?? []),
  );
  const policies = [
    ...resources.ofType('AWS::IAM::Policy'),
    ...resources.ofType('AWS::IAM::ManagedPolicy').filter(({ logicalId }) => !bounding.has(logicalId)),
  ].map(({ logicalId, properties }) => ({ logicalId, documents: [properties['PolicyDocument']] }));
  const inline = resources.ofType('AWS::IAM::Role').map(({ logicalId, properties }) => ({
    logicalId,
    documents: ((properties['Policies'] ?? []) as { PolicyDocument?: unknown }[]).map((each) => each.PolicyDocument),
  }));
  const managed = resources.ofType('AWS::IAM::Role').flatMap(
    ({ logicalId, properties }) =>
      JSON.stringify(properties['ManagedPolicyArns'] ?? [])
        .match(/AdministratorAccess|IAMFullAccess/g)
        ?.map((action) => ({ logicalId, action })) ?? [],
  );
  const written = [...policies, ...inline].flatMap(({ logicalId, documents }) =>
    documents
      .flatMap((document) =>
        [(document as { Statement?: Statement | Statement[] } | undefined)?.Statement ?? []].flat(),
      )
      .flatMap((statement) => {
        const action = givenBy(statement);
        return action === undefined ? [] : [{ logicalId, action }];
      }),
  );
  return [...written, ...managed];
}

function givenBy({ Effect, Action = [], NotAction, Condition = {} }: Statement): string | undefined {
  if (Effect !== 'Allow') return undefined;
  const asksForBoundary = Object.entries(Condition).some(
    ([operator, keys]) =>
      /^(String|Arn)(Equals|Like)$/.test(operator) &&
      Object.keys(keys).some((key) => key.toLowerCase() === 'iam:permissionsboundary'),
  );
  if (asksForBoundary) return undefined;
  if (NotAction !== undefined) return 'everything but some actions (NotAction)';
  return [Action].flat().find((pattern) => givingActions.some((action) => covers(pattern, action)));
}

/** Whether an action of a policy, which may hold `*` and `?`, stands for an action. */
const covers = (pattern: string, action: string): boolean =>
  new RegExp(
    `^${pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
    'i',
  ).test(action);
