import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import picomatch from 'picomatch';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseBuildspec } from '../../languages/buildspec/parse.ts';
import { evaluateConditions } from '../../languages/template/conditions.ts';
import { dependencyOrder } from '../../languages/template/dependency-order.ts';
import { resolveParameters } from '../../languages/template/parameters.ts';
import { parseTemplate } from '../../languages/template/parse.ts';
import { resolve } from '../../languages/template/resolve.ts';
import type { Scope } from '../../languages/template/types.ts';
import { pseudo } from '../languages/template/a-scope.ts';

const orders = fileURLToPath(new URL('../../examples/orders', import.meta.url));
const read = (name: string) => readFileSync(join(orders, name), 'utf8');
const commit = '0123456789abcdef0123456789abcdef01234567';
let scratch: string;
let built: string;

beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'mergecast-orders-'));
  built = join(scratch, 'src');
  cpSync(orders, built, { recursive: true });
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** Runs the build as a build host would: node and sh on the path, an empty home, no network needed. */
const build = () => {
  const commands = parseBuildspec(read('buildspec.yml')).phases.flatMap((phase) => phase.commands);
  return spawnSync('/bin/sh', ['-e', '-c', commands.join('\n')], {
    cwd: built,
    encoding: 'utf8',
    env: {
      PATH: `${dirname(process.execPath)}:/usr/bin:/bin`,
      HOME: scratch,
      CODEBUILD_RESOLVED_SOURCE_VERSION: commit,
    },
  });
};

test('its build passes with node and a shell alone, and its artifact holds template and code', () => {
  const { status, stdout, stderr } = build();

  expect(stderr + (status === 0 ? '' : stdout)).toBe('');
  const files = parseBuildspec(read('buildspec.yml')).artifacts?.primary?.files ?? [];
  for (const file of ['template.yaml', 'package.json', 'src/handler.js', 'src/price.js', 'src/version.json']) {
    expect(existsSync(join(built, file))).toBe(true);
    expect(picomatch.isMatch(file, [...files])).toBe(true);
  }
});

test('a failing test fails its build', () => {
  const broken = join(built, 'test', 'broken.test.js');
  cpSync(join(built, 'test', 'price.test.js'), broken);
  spawnSync('sed', ['-i', 's/2100/2101/', broken]);

  expect(build().status).not.toBe(0);
  rmSync(broken);
});

test('what was built answers, and says which commit it is', async () => {
  build();
  const { handler } = (await import(pathToFileURL(join(built, 'src', 'handler.js')).href)) as {
    handler: (event: unknown) => Promise<unknown>;
  };

  expect(await handler({ lines: [{ sku: 'tea', quantity: 2, unitCents: 450 }] })).toMatchObject({
    statusCode: 200,
    commit,
    totalCents: 900,
  });
  expect(await handler(null)).toMatchObject({ statusCode: 400, message: 'an order needs at least one line' });
});

/** The resources' properties of a stage, as CloudFormation would create them. */
const deployed = (Stage: string, more: Readonly<Record<string, string>> = {}) => {
  const template = parseTemplate(read('template.yaml'), 'template.yaml');
  const parameters = resolveParameters(template, {
    Stage,
    CodeBucket: 'artifacts',
    CodeKey: 'orders/Build/1',
    ...more,
  });
  const conditions = evaluateConditions(template, { parameters, pseudo });
  const resource: Scope['resource'] = (id) => ({ ref: id, attributes: { Arn: `arn:${id}` } });
  const scope = { parameters, pseudo, conditions, resource };
  const order = dependencyOrder(template, conditions);
  return Object.fromEntries(order.map((id) => [id, resolve(template.resources[id]?.properties, scope)]));
};

test('its stages differ by parameters: names, memory, how long logs are kept', () => {
  const { prod, dev } = { prod: deployed('prod'), dev: deployed('dev') };

  expect(Object.keys(prod)).toEqual(['Logs', 'Role', 'Function']);
  expect(prod['Function']).toMatchObject({
    FunctionName: 'orders-prod',
    MemorySize: 512,
    Code: { S3Bucket: 'artifacts', S3Key: 'orders/Build/1' },
  });
  expect(dev['Function']).toMatchObject({ FunctionName: 'orders-dev', MemorySize: 128 });
  expect([prod['Logs'], dev['Logs']]).toEqual([
    { LogGroupName: '/aws/lambda/orders-prod', RetentionInDays: 90 },
    { LogGroupName: '/aws/lambda/orders-dev', RetentionInDays: 7 },
  ]);
});

test('a repository of another name makes things of that name, which its pipelines may make', () => {
  const { Function: fn, Logs: logs, Role: role } = deployed('dev', { Service: 'shop' });

  expect([fn, logs, role]).toMatchObject([
    { FunctionName: 'shop-dev' },
    { LogGroupName: '/aws/lambda/shop-dev' },
    { Path: '/shop/' },
  ]);
});

test('its role lies below its own path and may write its own log alone', () => {
  expect(deployed('prod')['Role']).toMatchObject({
    Path: '/orders/',
    Policies: [
      {
        PolicyDocument: {
          Statement: [{ Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: 'arn:Logs' }],
        },
      },
    ],
  });
});

test('a stage that is no name is refused', () => {
  expect(() => deployed('Prod!')).toThrow('lower-case letters, digits and hyphens');
});
