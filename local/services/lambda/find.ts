import { AwsError } from '../../world/failure.ts';
import type { Access, Place } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { type Alias, aliases, functions, type LambdaFunction, permissions, versions } from './tables.ts';

/** What a name and a qualifier stand for. */
export interface Target {
  /** The version; behind an alias the one that its weights chose. */
  readonly fn: LambdaFunction;
  /** As it was named: with the qualifier, but for `$LATEST`. */
  readonly arn: string;
}

/** The newest version of a function by name, partial or full ARN, as Lambda takes them; a qualifier is left aside. */
export function findFunction(world: World, name: string, place: Place): LambdaFunction {
  const arn = unqualified(functionArn(name, place));
  const found = world.store.in(functions).get(arn);
  if (found === undefined) throw notFound(arn);
  return found;
}

/** The version that a name with a qualifier stands for; an alias with weights decides anew each time. Throws ResourceNotFoundException. */
export function findTarget(world: World, name: string, place: Place, qualifier?: string): Target {
  const arn = functionArn(name, place, qualifier);
  const plain = unqualified(arn);
  if (arn === plain) return { fn: findFunction(world, arn, place), arn };
  const alias = world.store.in(aliases).get(arn);
  const fn = world.store
    .in(versions)
    .get(alias === undefined ? arn : `${plain}:${chosen(alias, world.chance.fraction())}`);
  if (fn !== undefined) return { fn, arn };
  if (alias?.functionVersion === '$LATEST') return { fn: findFunction(world, plain, place), arn };
  throw notFound(arn);
}

/** The version that a number from 0 up to 1 falls to. */
function chosen({ weights, functionVersion }: Alias, fraction: number): string {
  let passed = 0;
  for (const [version, weight] of Object.entries(weights)) {
    passed += weight;
    if (fraction < passed) return version;
  }
  return functionVersion;
}

const notFound = (arn: string) => new AwsError('ResourceNotFoundException', `Function not found: ${arn}`, 404);

/** The ARN that a name stands for, with its qualifier unless that is `$LATEST`. Throws InvalidParameterValueException. */
export function functionArn(name: string, { account, region }: Place, qualifier?: string): string {
  const full = name.startsWith('arn:')
    ? name
    : `arn:aws:lambda:${region}:${account}:function:${name.replace(/^(\d{12}:)?function:/, '')}`;
  const inName = full.split(':')[7];
  if (inName !== undefined && qualifier !== undefined && inName !== qualifier)
    throw new AwsError(
      'InvalidParameterValueException',
      'The derived qualifier from the function name does not match the specified qualifier.',
    );
  const found = inName ?? qualifier;
  return found === undefined || found === '$LATEST' ? unqualified(full) : `${unqualified(full)}:${found}`;
}

/** The ARN of the function as a whole. */
export const unqualified = (arn: string): string => arn.split(':').slice(0, 7).join(':');

/** The question for an action on a function, version or alias, with the resource policy of exactly that. */
export function functionAccess(world: World, action: string, name: string, at: Place, qualifier?: string): Access {
  const found = findFunction(world, name, at);
  const resource = functionArn(name, at, qualifier);
  const statements = policyOf(world, resource);
  return {
    action: `lambda:${action}`,
    resource,
    owner: found.account,
    ...(statements.length === 0
      ? {}
      : {
          policy: {
            name: `the policy of function ${resource.split(':').slice(6).join(':')}`,
            document: { Version: '2012-10-17', Statement: statements },
          },
        }),
  };
}

/** The statements of the resource policy of a function, version or alias. */
export const policyOf = (world: World, arn: string): readonly Readonly<Record<string, unknown>>[] =>
  world.store
    .in(permissions)
    .where((permission) => permission.functionArn === arn)
    .map(({ statement }) => statement);
