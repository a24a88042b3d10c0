import { createHash } from 'node:crypto';
import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { operation } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { findTarget, functionAccess, functionArn, policyOf } from './find.ts';
import { statementOf } from './permission.ts';
import { permissions } from './tables.ts';

const path = '/2015-03-31/functions/{FunctionName}/policy';
const named = { FunctionName: z.string(), Qualifier: z.string().optional(), RevisionId: z.string().optional() };

/** The policy's revision follows from its text. */
function revisionOf(world: World, arn: string): string {
  const digest = createHash('sha256')
    .update(JSON.stringify(policyOf(world, arn)))
    .digest('hex');
  return [8, 4, 4, 4, 12]
    .map((length, index, all) => {
      const start = all.slice(0, index).reduce((sum, each) => sum + each, 0);
      return digest.slice(start, start + length);
    })
    .join('-');
}

function refuseOther(world: World, arn: string, revision: string | undefined): void {
  if (revision !== undefined && revision !== revisionOf(world, arn))
    throw new AwsError(
      'PreconditionFailedException',
      'The RevisionId provided does not match the latest RevisionId. Call the GetPolicy API to retrieve the latest RevisionId',
      412,
    );
}

/** Adds a statement to the policy of a function, version or alias. Throws ResourceConflictException. */
export const addPermission = operation({
  simplified: 'The members FunctionUrlAuthType and EventSourceToken are not played and dropped.',
  http: { method: 'POST', path, query: { Qualifier: 'Qualifier' }, status: 201 },
  input: z.object({
    ...named,
    StatementId: z.string().regex(/^[a-zA-Z0-9-_]{1,100}$/),
    Action: z.string().regex(/^(lambda:[*]|lambda:[a-zA-Z]+|[*])$/),
    Principal: z.string(),
    SourceArn: z.string().optional(),
    SourceAccount: z.string().optional(),
    PrincipalOrgID: z.string().optional(),
  }),
  access: ({ FunctionName, Qualifier }, call) => [
    functionAccess(call.world, 'AddPermission', FunctionName, call, Qualifier),
  ],
  run: ({ FunctionName, Qualifier, RevisionId, StatementId, ...wanted }, call) => {
    const { world } = call;
    const { arn } = findTarget(world, FunctionName, call, Qualifier);
    refuseOther(world, arn, RevisionId);
    if (policyOf(world, arn).some((statement) => statement['Sid'] === StatementId))
      throw new AwsError(
        'ResourceConflictException',
        `The statement id (${StatementId}) provided already exists. Please provide a new statement id, or remove the existing statement.`,
        409,
      );
    const statement = statementOf(StatementId, arn, wanted);
    world.store.in(permissions).put(`${arn}/${StatementId}`, { functionArn: arn, statement });
    return { Statement: JSON.stringify(statement) };
  },
});

/** Takes a statement away. */
export const removePermission = operation({
  http: {
    method: 'DELETE',
    path: `${path}/{StatementId}`,
    query: { Qualifier: 'Qualifier', RevisionId: 'RevisionId' },
    status: 204,
  },
  input: z.object({ ...named, StatementId: z.string() }),
  access: ({ FunctionName, Qualifier }, call) => [
    functionAccess(call.world, 'RemovePermission', FunctionName, call, Qualifier),
  ],
  run: ({ FunctionName, Qualifier, StatementId, RevisionId }, call) => {
    const { arn } = findTarget(call.world, FunctionName, call, Qualifier);
    refuseOther(call.world, arn, RevisionId);
    const rows = call.world.store.in(permissions);
    const key = rows.keys().find((each) => {
      const row = rows.get(each);
      return row?.functionArn === arn && row.statement['Sid'] === StatementId;
    });
    if (key === undefined)
      throw new AwsError('ResourceNotFoundException', `Statement ${StatementId} is not found in resource policy.`, 404);
    rows.delete(key);
    return {};
  },
});

/** The resource policy of a function, version or alias. */
export const getPolicy = operation({
  http: { method: 'GET', path, query: { Qualifier: 'Qualifier' } },
  input: z.object(named),
  access: ({ FunctionName, Qualifier }, call) => [
    functionAccess(call.world, 'GetPolicy', FunctionName, call, Qualifier),
  ],
  run: ({ FunctionName, Qualifier }, { world, account, region }) => {
    const arn = functionArn(FunctionName, { account, region }, Qualifier);
    const Statement = policyOf(world, arn);
    if (Statement.length === 0)
      throw new AwsError('ResourceNotFoundException', 'The resource you requested does not exist.', 404);
    return {
      Policy: JSON.stringify({ Version: '2012-10-17', Id: 'default', Statement }),
      RevisionId: revisionOf(world, arn),
    };
  },
});
