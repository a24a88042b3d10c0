import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { principalByGitCredentials } from '../../services/codecommit/git-credentials.ts';
import { repositories } from '../../services/codecommit/tables.ts';
import { credentials } from '../../world/credentials.ts';
import type { Principal } from '../../world/principal.ts';
import type { World } from '../../world/world.ts';
import { hmac, sha256, signingKey } from '../sigv4.ts';

const tolerableSkewMilliseconds = 15 * 60 * 1000;

/** Who a git request comes from, and in which region it was signed; undefined without valid credentials. */
export function authenticate(
  world: World,
  message: IncomingMessage,
  path: string,
): { principal: Principal; region?: string } | undefined {
  const [, encoded = ''] = /^Basic (.+)$/i.exec(message.headers.authorization ?? '') ?? [];
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  if (colon < 0) return undefined;
  const [username, password] = [text.slice(0, colon), text.slice(colon + 1)];
  const principal = principalByGitCredentials(world, username, password);
  if (principal !== undefined) return { principal };
  return bySignature(world, { username, password, path, host: (message.headers.host ?? '').replace(/:\d+$/, '') });
}

interface Signed {
  readonly username: string;
  readonly password: string;
  readonly path: string;
  readonly host: string;
}

/**
 * The AWS credential helper's password: time and a SigV4 signature over the method GIT, the path and the host without port. The region
 * is not told, so every region that has repositories is tried. Source: awscli's codecommit customization.
 */
function bySignature(
  world: World,
  { username, password, path, host }: Signed,
): { principal: Principal; region: string } | undefined {
  const separator = username.indexOf('%');
  const accessKeyId = separator < 0 ? username : username.slice(0, separator);
  const token = separator < 0 ? undefined : username.slice(separator + 1);
  const known = world.store.in(credentials).get(accessKeyId);
  const [, timestamp, signature] = /^(\d{8}T\d{6})Z([0-9a-f]{64})$/.exec(password) ?? [];
  if (known === undefined || timestamp === undefined || signature === undefined) return undefined;
  if (!sameText(known.sessionToken ?? '', token ?? '') || !isCurrent(world, timestamp)) return undefined;
  if (known.expiresAt !== undefined && known.expiresAt < world.clock.now()) return undefined;
  const repository = path.replace(/\/(info\/refs|git-(upload|receive)-pack)$/, '');
  const canonical = sha256(`GIT\n${repository}\n\nhost:${host}\n\nhost\n`);
  const date = timestamp.slice(0, 8);
  const region = regionsOf(world).find((each) => {
    const scope = `${date}/${each}/codecommit/aws4_request`;
    const key = signingKey(known.secretAccessKey, { date, region: each, service: 'codecommit' });
    const text = ['AWS4-HMAC-SHA256', timestamp, scope, canonical].join('\n');
    return sameText(hmac(key, text).toString('hex'), signature);
  });
  return region === undefined ? undefined : { principal: known.principal, region };
}

/** The helper signs by the machine's clock, which the world's may have left behind. */
function isCurrent({ clock }: World, timestamp: string): boolean {
  const skew = clock.now() - instant(timestamp);
  return Math.min(Math.abs(skew), Math.abs(skew - clock.aheadMilliseconds)) <= tolerableSkewMilliseconds;
}

function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

const instant = (stamp: string): number =>
  Date.parse(
    `${stamp.slice(0, 4)}-${stamp.slice(4, 6)}-${stamp.slice(6, 8)}T${stamp.slice(9, 11)}:${stamp.slice(11, 13)}:${stamp.slice(13, 15)}Z`,
  );

const regionsOf = (world: World): readonly string[] => [
  ...new Set(
    world.store
      .in(repositories)
      .rows()
      .map(({ region }) => region),
  ),
];
