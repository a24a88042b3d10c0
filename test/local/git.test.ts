import { execFileSync } from 'node:child_process';
import { createHash, createHmac } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { administrator, administratorKeys } from '../../local/accounts.ts';
import { issueCredentials } from '../../local/world/credentials.ts';
import { type GitWorld, gitWorld, owner } from './git-world.ts';

let cloud: GitWorld;
beforeEach(async () => {
  cloud = await gitWorld();
});
afterEach(() => cloud.close());

const arn = `arn:aws:codecommit:eu-west-1:${owner}:orders`;

test('a first push makes the branch, tells so, and a clone has it', async () => {
  const copy = await cloud.workingCopy('a');
  const head = await cloud.commit(copy, 'a.txt', 'a');

  expect(await cloud.git(copy, 'push', 'origin', 'main')).toMatchObject({ code: 0 });

  expect(await cloud.told()).toEqual([
    {
      event: 'referenceCreated',
      repositoryName: 'orders',
      repositoryId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      referenceType: 'branch',
      referenceName: 'main',
      referenceFullName: 'refs/heads/main',
      commitId: head,
      callerUserArn: `arn:aws:iam::${owner}:user/administrator`,
    },
  ]);
  expect(await cloud.git(cloud.directory, 'clone', '-q', cloud.url, 'b')).toMatchObject({ code: 0 });
  expect(readFileSync(join(cloud.directory, 'b', 'a.txt'), 'utf8')).toBe('a');
});

test('every kind of change of a ref has its event: update, force, tag, deletion', async () => {
  const copy = await cloud.workingCopy('a');
  const first = await cloud.commit(copy, 'a.txt', '1');
  await cloud.git(copy, 'push', 'origin', 'main');
  const second = await cloud.commit(copy, 'a.txt', '2');
  await cloud.git(copy, 'push', 'origin', 'main', 'main:refs/heads/feature/x');
  await cloud.git(copy, 'push', '--force', 'origin', `${first}:refs/heads/main`);
  await cloud.git(copy, 'tag', 'prod');
  await cloud.git(copy, 'push', 'origin', 'prod', ':refs/heads/feature/x');

  const events = (await cloud.told()).map((detail) => [
    detail['event'],
    detail['referenceType'],
    detail['referenceName'],
    detail['oldCommitId'],
    detail['commitId'],
  ]);

  expect(events).toEqual([
    ['referenceCreated', 'branch', 'main', undefined, first],
    ['referenceUpdated', 'branch', 'main', first, second],
    ['referenceCreated', 'branch', 'feature/x', undefined, second],
    ['referenceUpdated', 'branch', 'main', second, first],
    expect.arrayContaining(['referenceDeleted', 'feature/x', second]),
    ['referenceCreated', 'tag', 'prod', undefined, second],
  ]);
});

test('a push that changes nothing, and one that git turns down, tell nothing', async () => {
  const copy = await cloud.workingCopy('a');
  await cloud.git(copy, 'push', 'origin', 'main');
  await cloud.git(cloud.directory, 'clone', '-q', cloud.url, 'b');
  await cloud.commit(join(cloud.directory, 'b'), 'b.txt', 'b');
  await cloud.git(join(cloud.directory, 'b'), 'push', 'origin', 'main');
  const before = (await cloud.told()).length;

  await cloud.git(join(cloud.directory, 'b'), 'push', 'origin', 'main');
  await cloud.commit(copy, 'a.txt', 'late');
  const { code, text } = await cloud.git(copy, 'push', 'origin', 'main');

  expect(code).not.toBe(0);
  expect(text).toContain('rejected');
  expect(await cloud.told()).toHaveLength(before);
});

test('of several refs in one push only those that git accepts are told', async () => {
  const copy = await cloud.workingCopy('a');
  await cloud.git(copy, 'push', 'origin', 'main');

  const { text } = await cloud.git(copy, 'push', 'origin', 'main:refs/heads/good', 'main:refs/heads/main/under');

  expect(text).toContain('[remote rejected] main -> main/under');
  expect((await cloud.told()).map((detail) => detail['referenceName'])).toEqual(['main', 'good']);
});

test('a ref that IAM denies is refused with the reason, and the other branch is open', async () => {
  const everything = { Effect: 'Allow', Action: 'codecommit:*', Resource: arn };
  const denied = {
    Effect: 'Deny',
    Action: 'codecommit:GitPush',
    Resource: arn,
    Condition: {
      StringEqualsIfExists: { 'codecommit:References': ['refs/heads/prod'] },
      Null: { 'codecommit:References': 'false' },
    },
  };
  const { url } = cloud.user('dev', [everything, denied]);
  const copy = await cloud.workingCopy('a');

  const refused = await cloud.git(copy, 'push', url, 'main:refs/heads/prod');
  const both = await cloud.git(copy, 'push', url, 'main:refs/heads/dev', 'main:refs/heads/prod');
  const open = await cloud.git(copy, 'push', url, 'main:refs/heads/dev');

  expect(refused.code).not.toBe(0);
  expect(refused.text).toMatch(/\[remote rejected\] main -> prod \(User: .*user\/dev is not authorized/);
  expect(both.text).toContain('[remote rejected] main -> dev');
  expect(open.code).toBe(0);
  expect((await cloud.told()).map((detail) => detail['referenceName'])).toEqual(['dev']);
  const entry = cloud.world.journal.entries.find(({ allowed, subject }) => allowed === false && subject === arn);
  expect(entry?.text).toContain('may not codecommit:GitPush');
});

test('who may pull may not push, and strangers and wrong passwords are asked who they are', async () => {
  const { url } = cloud.user('reader', [{ Effect: 'Allow', Action: 'codecommit:GitPull', Resource: arn }]);
  const copy = await cloud.workingCopy('a');
  await cloud.git(copy, 'push', 'origin', 'main');

  expect((await cloud.git(cloud.directory, 'clone', '-q', url, 'b')).code).toBe(0);
  const push = await cloud.git(copy, 'push', url, 'main:refs/heads/other');
  expect(push.text).toContain('403');
  const wrong = await cloud.git(copy, 'ls-remote', url.replace(/:[^:@]+@/, ':wrong@'));
  expect(wrong.text).toMatch(/Authentication failed|could not read/);
  const none = await fetch(`${cloud.world.endpoint}/v1/repos/orders/info/refs?service=git-upload-pack`);
  expect([none.status, none.headers.get('www-authenticate')]).toEqual([401, expect.stringContaining('Basic')]);
});

test('a repository is looked up in the account of the caller, and the answer for others is that it does not exist', async () => {
  const keys = cloud.url.replace(/\/orders$/, '/nothing');
  const { text } = await cloud.git(cloud.directory, 'ls-remote', keys);

  expect(text).toContain('not found');
});

test('protocols 0, 1 and 2, gzip and chunks are understood', async () => {
  const copy = await cloud.workingCopy('a');
  await cloud.git(copy, 'push', 'origin', 'main');
  for (let each = 0; each < 40; each += 1) await cloud.git(copy, 'branch', `b${each}`);
  await writeFile(join(copy, 'large.bin'), Buffer.alloc(3 * 1024 * 1024, 'x0y1z2').toString('hex'));
  await cloud.commit(copy, 'a.txt', 'a');
  const push = await cloud.git(copy, '-c', 'http.postBuffer=4096', 'push', '--all', 'origin');

  expect(push).toMatchObject({ code: 0 });
  for (const version of ['0', '1', '2']) {
    const to = `clone${version}`;
    const clone = await cloud.git(cloud.directory, '-c', `protocol.version=${version}`, 'clone', '-q', cloud.url, to);
    expect(clone).toEqual({ code: 0, text: '' });
    await cloud.commit(copy, 'a.txt', version);
    await cloud.git(copy, 'push', 'origin', 'main');
    const pull = await cloud.git(join(cloud.directory, to), '-c', `protocol.version=${version}`, 'pull', '-q');
    expect([pull, readFileSync(join(cloud.directory, to, 'a.txt'), 'utf8')]).toEqual([{ code: 0, text: '' }, version]);
  }
});

test('the credential helper of the AWS CLI opens the door, with long-term keys and with a session', async (context) => {
  if (!hasAwsCli()) return context.skip();
  const copy = await cloud.workingCopy('a');
  await cloud.git(copy, 'push', 'origin', 'main');
  const person = administrator(cloud.world, owner);
  const url = `${cloud.world.endpoint}/v1/repos/orders`;
  for (const keys of [administratorKeys(cloud.world, owner), issueCredentials(cloud.world, person, 900)]) {
    const helper = credentialHelper(keys);
    const config = ['-c', `credential.helper=${helper}`, '-c', 'credential.useHttpPath=true'];
    expect((await cloud.git(cloud.directory, ...config, 'ls-remote', url)).text).toContain('refs/heads/main');
  }
});

test('a signature holds for its repository, its time, its key and its session only', async () => {
  const keys = issueCredentials(cloud.world, administrator(cloud.world, owner), 900);
  const now = cloud.world.clock.now();
  const status = async (username: string, password: string) => {
    const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
    const url = `${cloud.world.endpoint}/v1/repos/orders/info/refs?service=git-upload-pack`;
    return (await fetch(url, { headers: { authorization } })).status;
  };
  const user = `${keys.accessKeyId}%${keys.sessionToken}`;

  expect(await status(user, gitPassword(keys.secretAccessKey, now))).toBe(200);
  expect(await status(keys.accessKeyId, gitPassword(keys.secretAccessKey, now))).toBe(401);
  expect(await status(`${user}x`, gitPassword(keys.secretAccessKey, now))).toBe(401);
  expect(await status(user, gitPassword('another', now))).toBe(401);
  expect(await status(user, gitPassword(keys.secretAccessKey, now, { path: '/v1/repos/other' }))).toBe(401);
  expect(await status(user, gitPassword(keys.secretAccessKey, now, { region: 'us-east-1' }))).toBe(401);
  expect(await status(user, gitPassword(keys.secretAccessKey, now - 16 * 60_000))).toBe(401);
  expect(await status(user, 'garbage')).toBe(401);
  await cloud.world.clock.advance(30 * 60_000);
  expect(await status(user, gitPassword(keys.secretAccessKey, now))).toBe(401);
});

/** As the AWS CLI computes it: method GIT, the path, the host without its port. */
function gitPassword(secret: string, at: number, { path = '/v1/repos/orders', region = 'eu-west-1' } = {}): string {
  const timestamp = new Date(at).toISOString().replace(/[-:]|\.\d+Z/g, '');
  const date = timestamp.slice(0, 8);
  const hash = (text: string) => createHash('sha256').update(text).digest('hex');
  const sign = (key: Buffer | string, text: string) => createHmac('sha256', key).update(text).digest();
  const key = [date, region, 'codecommit', 'aws4_request'].reduce<Buffer | string>(sign, `AWS4${secret}`);
  const scope = `${date}/${region}/codecommit/aws4_request`;
  const canonical = hash(`GIT\n${path}\n\nhost:127.0.0.1\n\nhost\n`);
  return `${timestamp}Z${sign(key, ['AWS4-HMAC-SHA256', timestamp, scope, canonical].join('\n')).toString('hex')}`;
}

function hasAwsCli(): boolean {
  try {
    return execFileSync('aws', ['--version'], { stdio: 'pipe' }).length > 0;
  } catch {
    return false;
  }
}

function credentialHelper(keys: { accessKeyId: string; secretAccessKey: string; sessionToken?: string }): string {
  const environment = [
    `AWS_ACCESS_KEY_ID=${keys.accessKeyId}`,
    `AWS_SECRET_ACCESS_KEY=${keys.secretAccessKey}`,
    `AWS_SESSION_TOKEN=${keys.sessionToken ?? ''}`,
  ];
  const region = '--region eu-west-1';
  return `!f() { test "$1" != get || env ${environment.join(' ')} aws ${region} codecommit credential-helper --ignore-host-check get; }; f`;
}

test('the server runs no hooks and reads no configuration of the person who started it', async () => {
  const copy = await cloud.workingCopy('a');
  const [repository] = cloud.world.store.in({ name: 'codecommit/repositories' }).rows() as { directory: string }[];
  await mkdir(join(repository?.directory ?? '', 'hooks'));
  const mark = join(cloud.directory, 'ran');
  const hook = `#!/bin/sh\ntouch ${mark}\n`;
  await writeFile(join(repository?.directory ?? '', 'hooks', 'post-receive'), hook, { mode: 0o755 });

  await cloud.git(copy, 'push', 'origin', 'main');

  expect(existsSync(mark)).toBe(false);
});

test('the refs that a push is told are those that git itself would tell', async () => {
  const copy = await cloud.workingCopy('a');
  const directory = join(cloud.world.directory, 'git', owner, 'eu-west-1', 'orders.git');
  const told = async () => {
    const { username, password, origin } = new URL(cloud.url);
    const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
    const url = `${origin}/v1/repos/orders/info/refs?service=git-receive-pack`;
    return (await fetch(url, { headers: { authorization } })).text();
  };
  const byGit = () =>
    execFileSync('git', ['receive-pack', '--stateless-rpc', '--advertise-refs', directory]).toString();
  const refsOf = (text: string) => text.match(/[0-9a-f]{40} [^\0\n]+/g)?.map((line) => line.trim());
  expect(refsOf(await told())).toEqual(refsOf(byGit()));
  await cloud.git(copy, 'tag', '-a', '-m', 'v', 'v1');
  await cloud.git(copy, 'push', 'origin', 'main', 'v1', 'main:refs/heads/a/b', 'main:refs/heads/a-b');
  await cloud.git(directory, 'pack-refs', '--all');
  await cloud.git(copy, 'push', 'origin', 'main:refs/heads/a.b');

  expect(refsOf(await told())).toEqual(refsOf(byGit()));
  expect(refsOf(await told())).toHaveLength(5);
});
