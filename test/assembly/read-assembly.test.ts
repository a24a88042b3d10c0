import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, CfnOutput, Stack, Stage } from 'aws-cdk-lib';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readAssembly } from '../../assembly/read-assembly.ts';

const env = { account: '111111111111', region: 'eu-west-1' };
let scratch: string;
let synthesized: string;

beforeAll(() => {
  process.env['CDK_VALIDATION'] = 'false';
  scratch = mkdtempSync(join(tmpdir(), 'mergecast-assembly-'));
  synthesized = join(scratch, 'synthesized');
  writeFileSync(join(scratch, 'index.js'), 'exports.handler = async () => 1;');
  const app = new App({ outdir: synthesized, analyticsReporting: false });
  const later = new Stack(app, 'Later', { env });
  const earlier = new Stack(app, 'Earlier', {
    env: { ...env, region: 'us-east-1' },
    stackName: 'first',
    tags: { 'mergecast:profile': 'dev', 'mergecast:repositories': 'orders bills' },
  });
  new Queue(earlier, 'Queue');
  later.addStackDependency(earlier);
  new LambdaFunction(later, 'Function', {
    runtime: Runtime.NODEJS_22_X,
    handler: 'index.handler',
    code: Code.fromAsset(join(scratch), { exclude: ['synthesized', 'synthesized/**'] }),
  });
  new CfnOutput(new Stack(new Stage(app, 'Stage', { env }), 'Inner'), 'Out', { value: 'x' });
  new Queue(app.node.findChild('Stage').node.findChild('Inner'), 'Queue');
  app.synth();
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

test('stacks come after those they depend on, with name, place, tags and template', () => {
  const { stacks } = readAssembly(synthesized);

  const names = stacks.map(({ name }) => name);
  expect([...names].sort()).toEqual(['Later', 'Stage-Inner', 'first']);
  expect(names.indexOf('first')).toBeLessThan(names.indexOf('Later'));
  expect(stacks.find(({ name }) => name === 'first')).toMatchObject({
    account: '111111111111',
    region: 'us-east-1',
    tags: { 'mergecast:profile': 'dev', 'mergecast:repositories': 'orders bills' },
    parameters: {},
    dependsOn: [],
    assets: [],
  });
  expect(stacks.find(({ name }) => name === 'Later')?.dependsOn).toEqual(['first']);
});

test('assets are absolute directories that go to the bucket of their place; the template is none', () => {
  const later = readAssembly(synthesized).stacks.find(({ name }) => name === 'Later');

  expect(later?.assets).toHaveLength(1);
  const [asset] = later?.assets ?? [];
  expect(asset).toMatchObject({
    packaging: 'zip',
    bucketName: 'cdk-hnb659fds-assets-111111111111-eu-west-1',
    objectKey: `${asset?.hash}.zip`,
    region: 'eu-west-1',
  });
  expect(readFileSync(join(asset?.path ?? '', 'index.js'), 'utf8')).toContain('exports.handler');
});

describe('an assembly that is not whole is refused with the file and the mend', () => {
  let broken: string;
  const change = (file: string, edit: (value: Record<string, never>) => unknown) => {
    const path = join(broken, file);
    writeFileSync(path, JSON.stringify(edit(JSON.parse(readFileSync(path, 'utf8')) as Record<string, never>)));
  };
  /** Sets the value at a dotted path of a file, with `/` between the steps. */
  const set = (file: string, path: string, value: unknown) =>
    change(file, (whole) => {
      const steps = path.split('/');
      const last = steps.pop() ?? '';
      const at = steps.reduce<Record<string, never>>((object, step) => object[step] ?? {}, whole) as Record<
        string,
        unknown
      >;
      at[last] = value;
      return whole;
    });

  beforeEach(() => {
    broken = mkdtempSync(join(scratch, 'broken-'));
    cpSync(synthesized, broken, { recursive: true });
  });

  test.each<[string, () => void, string]>([
    [
      'no manifest',
      () => rmSync(join(broken, 'manifest.json')),
      'manifest.json does not exist (run `npm run synth` again',
    ],
    [
      'a manifest that is no JSON',
      () => writeFileSync(join(broken, 'manifest.json'), '{'),
      'manifest.json is not valid JSON',
    ],
    ['a manifest of another shape', () => set('manifest.json', 'version', 3), 'manifest.json: version: '],
    [
      'a newer version',
      () => set('manifest.json', 'version', '99.0.0'),
      'manifest.json has version 99.0.0, and 30 to 54 can be read',
    ],
    ['no template', () => rmSync(join(broken, 'Later.template.json')), 'Later.template.json does not exist'],
    [
      'a template that is none',
      () => writeFileSync(join(broken, 'Later.template.json'), '[]'),
      'Later.template.json:1:1: ',
    ],
    ['no list of assets', () => rmSync(join(broken, 'Later.assets.json')), 'Later.assets.json does not exist'],
    [
      'a stack without account and region',
      () => set('manifest.json', 'artifacts/Later/environment', 'aws://unknown-account/unknown-region'),
      "stack Later has the environment 'aws://unknown-account/unknown-region', which names no account of 12 digits and region (give the stack env",
    ],
    [
      'an open lookup',
      () => set('manifest.json', 'missing', [{ key: 'availability-zones:account=1', provider: 'x', props: {} }]),
      'the context value availability-zones:account=1 was never looked up',
    ],
    [
      'a template outside of the assembly',
      () => set('manifest.json', 'artifacts/Later/properties/templateFile', '../../etc/passwd'),
      "names '../../etc/passwd', which is outside of the assembly",
    ],
    [
      'a missing asset',
      () => {
        const [asset] = readAssembly(broken).stacks.find(({ name }) => name === 'Later')?.assets ?? [];
        rmSync(asset?.path ?? '', { recursive: true });
      },
      'Later.assets.json: the asset ',
    ],
    ['a Docker image', () => set('Later.assets.json', 'dockerImages', { abc: {} }), 'abc is a Docker image asset'],
    [
      'stacks that depend on each other',
      () => set('manifest.json', 'artifacts/Earlier/dependencies', ['Later']),
      'depend on each other',
    ],
    ['no stack', () => set('manifest.json', 'artifacts', {}), 'manifest.json holds no stack (add a stack to the app)'],
  ])('%s', (_, breakIt, message) => {
    breakIt();

    expect(() => readAssembly(broken)).toThrow(message);
  });
});
