import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ShellOutput } from '../../local/services/codebuild/shell-output.ts';
import { account, type BuildWorld, building, buildWorld, needed, printed, spec } from './codebuild-world.ts';

const token = 'token-of-the-shop';
const password = 'correct horse\nbattery staple';

let cloud: BuildWorld;
let arn = '';

beforeAll(async () => {
  cloud = await buildWorld();
  await cloud.allow([...needed, 'secretsmanager:GetSecretValue']);
  const SecretString = JSON.stringify({ token, password, tries: 31_415 });
  const made = await cloud.place(account, 'AWS::SecretsManager::Secret', { Name: 'shop/api', SecretString });
  arn = String(made.physicalId);
  await cloud.place(account, 'AWS::SecretsManager::Secret', { Name: 'plain', SecretString: `${token}-and-more` });
});
afterAll(async () => cloud.close());

const secret = (name: string, value: string) => ({ name, value, type: 'SECRETS_MANAGER' });
/** Shows a value: only its exact text is hidden. */
const spelt = (name: string) => `printf '%s' "$${name}" | base64`;
const base64 = (text: string) => Buffer.from(text).toString('base64');

describe('a variable from Secrets Manager', () => {
  test.each([
    ['shop/api:token', token],
    ['shop/api:token:AWSCURRENT', token],
    ['shop/api:token::', token],
    ['shop/api:tries', '31415'],
    ['plain', `${token}-and-more`],
  ])('named %s has the value of its key', async (reference, value) => {
    const ended = await cloud.run({
      buildspec: building(spelt('SECRET')),
      input: { environmentVariablesOverride: [secret('SECRET', reference)] },
    });

    expect(printed(ended)).toEqual([base64(value)]);
  });

  test('named by its ARN in a buildspec has the value too, and the API shows the reference', async () => {
    const env = { 'secrets-manager': { SECRET: `${arn}:token`, OTHER: 'plain' }, 'exported-variables': ['SECRET'] };
    const ended = await cloud.run({
      buildspec: spec({ env, phases: { build: { commands: [spelt('SECRET')] } } }),
      input: { environmentVariablesOverride: [secret('OTHER', 'plain')] },
    });

    expect(printed(ended)).toEqual([base64(token)]);
    expect(ended.build.environment?.environmentVariables).toContainEqual(secret('OTHER', 'plain'));
    expect(ended.exportedVariables).toEqual({});
  });

  test('is hidden in the log, each line of it, and a longer value before one that it holds', async () => {
    const ended = await cloud.run({
      buildspec: building('echo "$A | $B"', 'echo "$C"', 'echo "stapled battery"'),
      input: {
        environmentVariablesOverride: [
          secret('A', 'shop/api:token'),
          secret('B', 'plain'),
          secret('C', 'shop/api:password'),
        ],
      },
    });

    expect(printed(ended)).toEqual(['*** | ***', '***', '***', 'stapled battery']);
    expect(JSON.stringify(cloud.world.journal.entries)).not.toMatch(/token-of-the-shop|correct horse|battery staple/);
  });

  test.each([
    [
      'none',
      /^DOWNLOAD_SOURCE failed: Secrets Manager Error Message: ResourceNotFoundException: Secrets Manager can't find/,
    ],
    ['shop/api:pin', /Secrets Manager Error Message: secret shop\/api of variable SECRET has no key pin$/],
    [
      'plain:token',
      /Secrets Manager Error Message: secret plain of variable SECRET is no JSON object, so it has no key token$/,
    ],
    ['shop/api:token:AWSPREVIOUS', /Secrets Manager Error Message: ResourceNotFoundException/],
  ])('that is asked for as %s fails the build in words without a value', async (reference, told) => {
    const ended = await cloud.run({
      buildspec: building('true'),
      input: { environmentVariablesOverride: [secret('SECRET', reference)] },
    });

    expect(ended.status).toBe('FAILED');
    expect(ended.reason).toMatch(told);
    expect(ended.reason).not.toContain(token);
  });

  test('that the role may not read fails the build with who may not do what', async () => {
    const own = await buildWorld();
    await own.place(account, 'AWS::SecretsManager::Secret', { Name: 'plain', SecretString: token });
    const ended = await own.run({
      buildspec: building('true'),
      input: { environmentVariablesOverride: [secret('SECRET', 'plain')] },
    });
    await own.close();

    expect(ended.reason).toMatch(
      /Secrets Manager Error Message: AccessDenied\w*: User: arn:aws:sts::111111111111:assumed-role\/orders-build\/\S+ is not authorized to perform: secretsmanager:GetSecretValue/,
    );
  });
});

test('a secret in a line that is longer than a piece of the log is hidden wherever the cut would go', () => {
  for (const ending of ['\n', '']) {
    const lines: string[] = [];
    const output = new ShellOutput('mark', {
      line: (text) => lines.push(text),
      hidden: (text) => text.replaceAll(token, '***'),
      status: () => undefined,
    });
    for (const part of [`${'x'.repeat(9_995)}${token.slice(0, 9)}`, `${token.slice(9)}${'y'.repeat(30_000)}${ending}`])
      output.take(Buffer.from(part));
    output.end();

    expect(lines.join('')).toBe(`${'x'.repeat(9_995)}***${'y'.repeat(30_000)}`);
  }
});
