import { upperAlphanumeric } from './chance.ts';
import type { Principal } from './principal.ts';
import { table } from './store.ts';
import type { World } from './world.ts';

/** A key pair that signs requests, and whom it stands for. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Set for sessions: must come with each request. */
  readonly sessionToken?: string;
  /** World time in milliseconds; long-term keys do not expire. */
  readonly expiresAt?: number;
  readonly principal: Principal;
}

/** By access key id. */
export const credentials = table<Credentials>('world/credentials');

const secretAlphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Makes a key pair: long-term without `lifetimeSeconds`, else with a session token and an end. */
export function issueCredentials(world: World, principal: Principal, lifetimeSeconds?: number): Credentials {
  const issued: Credentials = {
    accessKeyId: `${lifetimeSeconds === undefined ? 'AKIA' : 'ASIA'}${world.chance.text(16, upperAlphanumeric)}`,
    secretAccessKey: world.chance.text(40, secretAlphabet),
    principal,
    ...(lifetimeSeconds === undefined
      ? {}
      : {
          sessionToken: world.chance.text(120, secretAlphabet),
          expiresAt: world.clock.now() + lifetimeSeconds * 1000,
        }),
  };
  world.store.in(credentials).put(issued.accessKeyId, issued);
  forgetExpired(world);
  return issued;
}

/** Expired sessions are dropped as new ones are made, so that the table stays as small as what is valid. */
function forgetExpired(world: World): void {
  const rows = world.store.in(credentials);
  const now = world.clock.now();
  for (const { accessKeyId, expiresAt } of rows.where(
    (row) => row.expiresAt !== undefined && row.expiresAt < now - 3_600_000,
  )) {
    if (expiresAt !== undefined) rows.delete(accessKeyId);
  }
}
