import { AwsError } from '../../world/failure.ts';
import type { World } from '../../world/world.ts';
import { functions, type LambdaFunction, versions } from './tables.ts';

/** What the caller takes the newest code and revision to be. */
export interface Expected {
  readonly CodeSha256?: string | undefined;
  readonly RevisionId?: string | undefined;
  readonly Description?: string | undefined;
}

/** Refuses when what is there is not what the caller has seen. Throws PreconditionFailedException. */
export function refuseStale(given: string | undefined, row: { readonly revisionId: string }): void {
  if (given !== undefined && given !== row.revisionId)
    throw new AwsError(
      'PreconditionFailedException',
      'The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id',
      412,
    );
}

/** The version published last, if it is still there. */
export const lastPublished = (world: World, { arn, lastVersion }: LambdaFunction): LambdaFunction | undefined =>
  world.store.in(versions).get(`${arn}:${lastVersion}`);

/** Whether nothing has changed since a version was published. */
export const unchanged = (newest: LambdaFunction, published: LambdaFunction | undefined): boolean =>
  published !== undefined && sense(newest) === sense(published);

const sense = ({
  codeSha256,
  handler,
  runtime,
  environment,
  roleArn,
  timeoutSeconds,
  memoryMegabytes,
}: LambdaFunction) =>
  JSON.stringify([codeSha256, handler, runtime, environment, roleArn, timeoutSeconds, memoryMegabytes]);

/**
 * Makes a version of `$LATEST`; when nothing has changed since the last one, that one is the answer.
 * Throws InvalidParameterValueException, PreconditionFailedException.
 */
export function publish(world: World, newest: LambdaFunction, expected: Expected = {}): LambdaFunction {
  const { CodeSha256, RevisionId, Description } = expected;
  if (CodeSha256 !== undefined && CodeSha256 !== newest.codeSha256)
    throw new AwsError(
      'InvalidParameterValueException',
      `CodeSHA256 (${CodeSha256}) is different from current CodeSHA256 in $LATEST (${newest.codeSha256}). Please try again with the CodeSHA256 in $LATEST.`,
    );
  refuseStale(RevisionId, newest);
  const last = lastPublished(world, newest);
  if (last !== undefined && unchanged(newest, last)) return last;
  const lastVersion = newest.lastVersion + 1;
  const made: LambdaFunction = {
    ...newest,
    version: String(lastVersion),
    lastVersion,
    revisionId: world.chance.uuid(),
    tags: {},
    ...(Description === undefined || Description === '' ? {} : { description: Description }),
  };
  world.store.in(versions).put(`${made.arn}:${made.version}`, made);
  world.store.in(functions).update(newest.arn, (row) => ({ ...row, lastVersion }));
  return made;
}
