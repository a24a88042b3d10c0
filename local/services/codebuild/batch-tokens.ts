import { AwsError } from '../../world/failure.ts';
import type { Call } from '../../world/service.ts';
import { table } from '../../world/store.ts';
import { type BuildBatch, batches } from './batch-tables.ts';

/** What was asked with a token, and the batch that came of it. */
interface Asked {
  readonly input: string;
  readonly id: string;
  /** Milliseconds of world time. */
  readonly at: number;
}

/** By project or batch, and token. */
const tokens = table<Asked>('codebuild/batch-tokens');
const validMilliseconds = 5 * 60_000;

/**
 * The batch that the same request made within the last five minutes, if it gives the same token. Throws InvalidInputException when
 * the request differs. Source: "StartBuildBatch" of the CodeBuild API reference.
 */
export function batchOfToken(
  of: string,
  token: string | undefined,
  input: object,
  { world }: Call,
): BuildBatch | undefined {
  if (token === undefined) return undefined;
  const asked = world.store.in(tokens).get(`${of}/${token}`);
  if (asked === undefined || world.clock.now() - asked.at > validMilliseconds) return undefined;
  if (asked.input !== JSON.stringify(input))
    throw new AwsError(
      'InvalidInputException',
      `idempotency token ${token.slice(0, 64)} was used with other parameters`,
    );
  return world.store.in(batches).get(asked.id);
}

/** Remembers what a token was used for. */
export function keepToken(of: string, token: string | undefined, input: object, id: string, { world }: Call): void {
  if (token === undefined) return;
  world.store.in(tokens).put(`${of}/${token}`, { input: JSON.stringify(input), id, at: world.clock.now() });
}
