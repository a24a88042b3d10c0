import { join, resolve } from 'node:path';
import { z } from 'zod';
import { parseTemplate } from '../languages/template/parse.ts';
import { Fault } from '../shared/fault.ts';
import { readAssets } from './read-assets.ts';
import { inside, readShaped, readText } from './shaped-file.ts';
import type { Assembly, AssemblyStack } from './types.ts';

/** Source: schema/cloud-assembly.schema.json of @aws-cdk/cloud-assembly-schema. */
const manifestSchema = z.looseObject({
  version: z.string(),
  artifacts: z
    .record(
      z.string(),
      z.looseObject({
        type: z.string(),
        environment: z.string().optional(),
        dependencies: z.array(z.string()).optional(),
        properties: z
          .looseObject({
            templateFile: z.string().optional(),
            stackName: z.string().optional(),
            tags: z.record(z.string(), z.string()).optional(),
            parameters: z.record(z.string(), z.string()).optional(),
            file: z.string().optional(),
            directoryName: z.string().optional(),
          })
          .optional(),
      }),
    )
    .default({}),
  missing: z.array(z.looseObject({ key: z.string() })).optional(),
});

type Artifacts = z.output<typeof manifestSchema>['artifacts'];

/** Major versions of the manifest whose parts that are read here mean the same. */
const versions = { oldest: 30, newest: 54 };
const deepestNesting = 10;

/**
 * Reads a cloud assembly; the only reader of `cdk.out`. Refuses with `AssemblyInvalid`, the file and the mend: missing and
 * malformed files, other versions, stacks without account or region, open lookups; and with `TemplateInvalid` a bad template.
 */
export function readAssembly(directory: string): Assembly {
  const found = readManifest(resolve(directory), 0);
  if (found.length === 0)
    throw new Fault('AssemblyInvalid', `${join(directory, 'manifest.json')} holds no stack`, 'add a stack to the app');
  return { stacks: ordered(found) };
}

function readManifest(directory: string, depth: number): AssemblyStack[] {
  const file = join(directory, 'manifest.json');
  if (depth > deepestNesting)
    throw new Fault('AssemblyInvalid', `${file}: assemblies nest deeper than ${deepestNesting}`);
  const { version, artifacts, missing } = readShaped(file, manifestSchema);
  checkVersion(file, version);
  if (missing?.[0])
    throw new Fault(
      'AssemblyInvalid',
      `${file}: the context value ${missing[0].key} was never looked up`,
      'write the value into cdk.context.json, or avoid lookups, then synthesize again',
    );
  return Object.entries(artifacts).flatMap(([id, { type, properties }]) => {
    if (type === 'aws:cloudformation:stack') return [readStack(directory, id, artifacts)];
    if (type !== 'cdk:cloud-assembly') return [];
    return readManifest(inside(directory, properties?.directoryName ?? id, file), depth + 1);
  });
}

function readStack(directory: string, id: string, artifacts: Artifacts): AssemblyStack {
  const { environment = '', dependencies = [], properties = {} } = artifacts[id] ?? {};
  const manifest = join(directory, 'manifest.json');
  const place = readEnvironment(manifest, id, environment);
  const templateFile = properties.templateFile ?? `${id}.template.json`;
  const path = inside(directory, templateFile, manifest);
  const templateText = readText(path);
  const ofType = (type: string): string[] => dependencies.filter((name) => artifacts[name]?.type === type);
  return {
    id,
    name: properties.stackName ?? id,
    ...place,
    template: parseTemplate(templateText, path),
    templateText,
    tags: properties.tags ?? {},
    parameters: properties.parameters ?? {},
    assets: ofType('cdk:asset-manifest').flatMap((name) =>
      readAssets(directory, artifacts[name]?.properties?.file ?? `${name}.json`, { ...place, templateFile }),
    ),
    dependsOn: ofType('aws:cloudformation:stack').map((name) => artifacts[name]?.properties?.stackName ?? name),
  };
}

function readEnvironment(manifest: string, id: string, environment: string): { account: string; region: string } {
  const [, account = '', region = ''] = /^aws:\/\/([^/]+)\/([^/]+)$/.exec(environment) ?? [];
  if (/^\d{12}$/.test(account) && region !== '' && region !== 'unknown-region') return { account, region };
  throw new Fault(
    'AssemblyInvalid',
    `${manifest}: stack ${id} has the environment '${environment}', which names no account of 12 digits and region`,
    'give the stack env: { account, region } and synthesize again',
  );
}

function checkVersion(file: string, version: string): void {
  const major = /^\d+/.exec(version)?.[0];
  if (major !== undefined && Number(major) >= versions.oldest && Number(major) <= versions.newest) return;
  throw new Fault(
    'AssemblyInvalid',
    `${file} has version ${version}, and ${versions.oldest} to ${versions.newest} can be read`,
    'synthesize with the pinned aws-cdk-lib',
  );
}

/** Stacks after those they depend on, otherwise as in the manifest. */
function ordered(stacks: readonly AssemblyStack[]): readonly AssemblyStack[] {
  const order = new Set<AssemblyStack>();
  const visit = (stack: AssemblyStack, path: readonly AssemblyStack[]): void => {
    if (path.includes(stack))
      throw new Fault(
        'AssemblyInvalid',
        `the stacks ${[...path, stack].map(({ name }) => name).join(' → ')} depend on each other`,
        'break the cycle',
      );
    for (const next of stacks.filter(({ name }) => stack.dependsOn.includes(name)))
      if (!order.has(next)) visit(next, [...path, stack]);
    order.add(stack);
  };
  for (const stack of stacks) visit(stack, []);
  return [...order];
}
