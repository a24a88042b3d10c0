import { timingSafeEqual } from 'node:crypto';
import type { Principal } from '../../world/principal.ts';
import { table } from '../../world/store.ts';
import type { World } from '../../world/world.ts';

/** A static user name and password for git, as IAM gives them to a user. */
export interface GitCredentials {
  readonly username: string;
  readonly password: string;
  readonly principal: Principal;
}

/** By user name. */
const gitCredentials = table<GitCredentials>('codecommit/git-credentials');

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Static Git credentials of a principal; the same each time for the same user. */
export function issueGitCredentials(world: World, principal: Extract<Principal, { type: 'user' }>): GitCredentials {
  const username = `${principal.arn.split('/').at(-1)}-at-${principal.account}`;
  const known = world.store.in(gitCredentials).get(username);
  if (known !== undefined) return known;
  const issued = { username, password: world.chance.text(32, alphabet), principal };
  world.store.in(gitCredentials).put(username, issued);
  return issued;
}

/** Whose credentials these are; undefined when they are nobody's. */
export function principalByGitCredentials(world: World, username: string, password: string): Principal | undefined {
  const known = world.store.in(gitCredentials).get(username);
  if (known === undefined) return undefined;
  const [given, wanted] = [Buffer.from(password), Buffer.from(known.password)];
  return given.length === wanted.length && timingSafeEqual(given, wanted) ? known.principal : undefined;
}
