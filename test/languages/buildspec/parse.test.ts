import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseBuildspec } from '../../../languages/buildspec/parse.ts';
import cases from '../../cases/buildspec-refusals.json' with { type: 'json' };

interface Case {
  readonly name: string;
  readonly text: string;
  readonly error: string;
  /** `<line>:<column>` */
  readonly place: string;
}

describe('the table of buildspecs that are refused', () => {
  test.each(cases as readonly Case[])('$name', ({ text, error, place }) => {
    const parsing = () => parseBuildspec(text, 'ci/buildspec.yml');

    expect(parsing).toThrow(error);
    expect(parsing).toThrow(new RegExp(`^BuildspecInvalid: ci/buildspec\\.yml:${place}: `));
  });
});

/** Every key that the reference of version 0.2 names. */
const whole = readFileSync(new URL('../../cases/buildspec-whole.yml', import.meta.url), 'utf8');

test('a buildspec with every key is read', () => {
  const { env, proxy, runAs, reports, artifacts, cache } = parseBuildspec(whole);

  expect({ runAs, proxy }).toEqual({ runAs: 'builder', proxy: { uploadArtifacts: false, logs: true } });
  expect(env).toEqual({
    shell: 'bash',
    variables: { STAGE: 'dev', RATE: '1.10', YES: 'yes', EMPTY: '', PATHS: '$PATH:/opt' },
    parameterStore: { DB_URL: '/orders/dev/db-url' },
    secretsManager: { TOKEN: 'orders/dev/api:token:AWSCURRENT' },
    exportedVariables: ['IMAGE_TAG'],
    gitCredentialHelper: true,
  });
  expect(reports).toEqual({
    unit: { files: ['**/*.xml'], baseDirectory: 'reports', fileFormat: 'NUNITXML', discardPaths: true },
    'arn:aws:codebuild:eu-west-1:111111111111:report-group/cover': {
      files: ['a.xml'],
      baseDirectory: undefined,
      fileFormat: 'JUNITXML',
      discardPaths: false,
    },
  });
  expect(artifacts).toEqual({
    primary: {
      files: ['**/*'],
      excludePaths: ['**/*.map'],
      baseDirectory: 'dist',
      discardPaths: false,
      enableSymlinks: true,
      name: 'bundle-$(date +%Y)',
      s3Prefix: 'p',
    },
    secondary: {
      infra: {
        files: ['**/*'],
        excludePaths: [],
        baseDirectory: 'cdk.out',
        discardPaths: false,
        enableSymlinks: false,
      },
    },
  });
  expect(cache).toEqual({
    key: 'npm-$(codebuild-hash-files package-lock.json)',
    fallbackKeys: ['npm-'],
    action: 'save',
    paths: ['node_modules/**/*'],
  });
});

test('phases come in the order of their running, each with what belongs to it', () => {
  const { phases } = parseBuildspec(whole);

  expect(phases).toEqual([
    {
      name: 'install',
      runAs: 'root',
      onFailure: { action: 'ABORT' },
      runtimeVersions: { nodejs: '22', python: '3.12' },
      commands: ['npm ci'],
      finally: ['echo install done'],
    },
    {
      name: 'pre_build',
      runAs: undefined,
      onFailure: { action: 'ABORT' },
      runtimeVersions: {},
      commands: ['cd app\nnpm test\n', 'npm run lint -- --max-warnings=0'],
      finally: [],
    },
    {
      name: 'build',
      runAs: undefined,
      onFailure: { action: 'RETRY', count: 2, pattern: '.*ETIMEDOUT.*' },
      runtimeVersions: {},
      commands: ['npm run build'],
      finally: [],
    },
    {
      name: 'post_build',
      runAs: undefined,
      onFailure: { action: 'CONTINUE' },
      runtimeVersions: {},
      commands: ['test "$CODEBUILD_BUILD_SUCCEEDING" = 1'],
      finally: [],
    },
  ]);
});

const withOnFailure = (text: string) =>
  parseBuildspec(`version: 0.2\nphases: { build: { on-failure: "${text}", commands: [a] } }`).phases[0]?.onFailure;

test.each([
  ['ABORT', { action: 'ABORT' }],
  ['CONTINUE', { action: 'CONTINUE' }],
  ['RETRY', { action: 'RETRY', count: 3 }],
  ['RETRY-0', { action: 'RETRY', count: 0 }],
  ['RETRY-100', { action: 'RETRY', count: 100 }],
  ['RETRY-.*', { action: 'RETRY', count: 3, pattern: '.*' }],
  ['RETRY-5-a-b', { action: 'RETRY', count: 5, pattern: 'a-b' }],
])('on-failure %s', (text, expected) => {
  expect(withOnFailure(text)).toEqual(expected);
});

const withBatch = (text: string) =>
  parseBuildspec(`version: 0.2\nbatch: ${text}\nphases: { build: { commands: [a] } }`).batch;

test('a batch that is a graph', () => {
  const graph = withBatch(
    '{ fast-fail: true, build-graph: [{ identifier: a }, { identifier: b, depend-on: [a], buildspec: b.yml, ignore-failure: true, debug-session: yes, env: { compute-type: BUILD_GENERAL1_SMALL, image: i, type: LINUX_CONTAINER, privileged-mode: true, variables: { X: 1 } } }] }',
  );

  expect(graph).toMatchObject({ kind: 'build-graph', fastFail: true });
  expect(graph?.builds[1]).toEqual({
    identifier: 'b',
    buildspec: 'b.yml',
    ignoreFailure: true,
    debugSession: true,
    dependsOn: ['a'],
    env: {
      computeType: 'BUILD_GENERAL1_SMALL',
      image: 'i',
      type: 'LINUX_CONTAINER',
      privilegedMode: true,
      variables: { X: '1' },
    },
  });
});

/** The example of the batch reference. */
test('a batch that is a matrix', () => {
  const matrix = withBatch(
    '{ build-matrix: { static: { ignore-failure: false, env: { type: LINUX_CONTAINER, privileged-mode: true } }, dynamic: { buildspec: [a.yml, b.yml], env: { image: [i, j], variables: { MY_VAR: [VALUE1, VALUE2] } } } } }',
  );

  expect(matrix).toMatchObject({
    kind: 'build-matrix',
    matrix: {
      ignoreFailure: false,
      env: { type: 'LINUX_CONTAINER', privilegedMode: true },
      buildspecs: ['a.yml', 'b.yml'],
      images: ['i', 'j'],
      computeTypes: [],
      variables: { MY_VAR: ['VALUE1', 'VALUE2'] },
    },
  });
});

test('a batch that is a fanout or a list', () => {
  expect(withBatch('{ build-fanout: { parallelism: 5, ignore-failure: true } }')).toMatchObject({
    kind: 'build-fanout',
    fanout: { parallelism: 5, ignoreFailure: true },
  });
  expect(
    withBatch('{ build-list: [{ env: { variables: { A: 1 } } }, {}] }')?.builds.map(({ identifier }) => identifier),
  ).toEqual(['build0', 'build1']);
});

test('aliases stand for what they repeat', () => {
  const text = 'version: 0.2\nphases:\n  build: { commands: &c [make], finally: *c }\n';

  expect(parseBuildspec(text).phases[0]).toMatchObject({ commands: ['make'], finally: ['make'] });
});

test('aliases of aliases do not multiply without end', () => {
  const layers = Array.from({ length: 12 }, (_, index) =>
    index === 0 ? '&a0 {x: y}' : `&a${index} {${[...'abcdefgh'].map((key) => `${key}: *a${index - 1}`).join(', ')}}`,
  );
  const text = `version: 0.2\nphases: { build: { commands: [${layers.join(', ')}] } }`;
  const start = performance.now();

  expect(() => parseBuildspec(text)).toThrow('must be a text, not a mapping');
  expect(performance.now() - start).toBeLessThan(500);
});

test('Windows line ends and a byte order mark change nothing', () => {
  const text = '\uFEFFversion: 0.2\r\nphases:\r\n  build:\r\n    commands:\r\n      - make\r\n';

  expect(parseBuildspec(text).phases[0]?.commands).toEqual(['make']);
});
