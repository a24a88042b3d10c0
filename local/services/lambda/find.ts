import { AwsError } from '../../world/failure.ts';
import type { Access, Place } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { functions, type LambdaFunction, permissions } from './tables.ts';

/** A function by name, partial or full ARN, as Lambda takes them; a qualifier other than `$LATEST` is refused by name. */
export function findFunction(world: World, name: string, { account, region }: Place): LambdaFunction {
  const arn = functionArn(name, { account, region });
  const found = world.store.in(functions).get(arn);
  if (found === undefined) throw new AwsError('ResourceNotFoundException', `Function not found: ${arn}`, 404);
  return found;
}

/** The full ARN that a name stands for. */
export function functionArn(name: string, { account, region }: Place): string {
  const full = name.startsWith('arn:')
    ? name
    : `arn:aws:lambda:${region}:${account}:function:${name.replace(/^(\d{12}:)?function:/, '')}`;
  const [, , , , , , , qualifier] = full.split(':');
  if (qualifier === undefined || qualifier === '$LATEST') return full.replace(/:\$LATEST$/, '');
  throw new AwsError(
    'ResourceNotFoundException',
    `Function not found: ${full} (versions and aliases are not played by the local cloud)`,
    404,
  );
}

/** The question for an action on a function, with its resource policy. */
export function functionAccess(world: World, action: string, name: string, at: Place): Access {
  const found = findFunction(world, name, at);
  const statements = world.store
    .in(permissions)
    .where((permission) => permission.functionArn === found.arn)
    .map(({ statement }) => statement);
  return {
    action: `lambda:${action}`,
    resource: found.arn,
    owner: found.account,
    ...(statements.length === 0
      ? {}
      : {
          policy: {
            name: `the policy of function ${found.name}`,
            document: { Version: '2012-10-17', Statement: statements },
          },
        }),
  };
}
