import { AwsError } from '../../world/failure.ts';
import type { Place } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { findFunction } from './find.ts';
import { type Alias, aliases, versions } from './tables.ts';

/** What an alias is to be. */
export interface WantedAlias {
  readonly FunctionName: string;
  readonly Name: string;
  readonly FunctionVersion: string;
  readonly Description: string;
  readonly weights: Readonly<Record<string, number>>;
}

/** Creates an alias, or changes it. Throws ResourceNotFoundException, InvalidParameterValueException. */
export function writeAlias(world: World, place: Place, wanted: WantedAlias): Alias {
  const { arn: functionArn } = findFunction(world, wanted.FunctionName, place);
  const { Name: name, FunctionVersion: functionVersion, Description: description, weights } = wanted;
  checkWeights(functionVersion, weights);
  for (const version of [functionVersion, ...Object.keys(weights)])
    if (version !== '$LATEST' && !world.store.in(versions).has(`${functionArn}:${version}`))
      throw new AwsError('ResourceNotFoundException', `Function not found: ${functionArn}:${version}`, 404);
  const arn = `${functionArn}:${name}`;
  const made: Alias = {
    arn,
    functionArn,
    name,
    functionVersion,
    description,
    weights,
    revisionId: world.chance.uuid(),
  };
  world.store.in(aliases).put(arn, made);
  return made;
}

function checkWeights(version: string, weights: Readonly<Record<string, number>>): void {
  const others = Object.entries(weights);
  const refuse = (text: string) => new AwsError('InvalidParameterValueException', text);
  if (others.length > 1) throw refuse('Number of items in AdditionalVersionWeights cannot be greater than 1');
  if (others.length > 0 && (version === '$LATEST' || '$LATEST' in weights))
    throw refuse('$LATEST is not supported for an alias pointing to more than 1 version');
  const [other, weight] = others[0] ?? [];
  if (other === version)
    throw refuse(
      `Invalid function version ${version}. Function version ${version} is already included in routing configuration.`,
    );
  if (weight !== undefined && (weight < 0 || weight > 1))
    throw refuse(`Invalid weight ${weight} of function version ${other}: it must be between 0.0 and 1.0`);
}

/** An alias. Throws ResourceNotFoundException. */
export function findAlias(world: World, arn: string): Alias {
  const found = world.store.in(aliases).get(arn);
  if (found === undefined) throw new AwsError('ResourceNotFoundException', `Cannot find alias arn: ${arn}`, 404);
  return found;
}
