import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

type Json = Record<string, unknown>;
interface Template {
  Resources: Record<string, { Type: string; Properties: Json; DependsOn?: unknown; Metadata?: unknown }>;
}

/** Our own stacks, synthesized, as the pattern for as many as are wanted. */
export interface Patterns {
  readonly devops: Template;
  readonly prod: Template;
}

/** Environments that the DevOps account's forwarding stacks hold each: a stack has at most 500 resources. */
const environmentsPerStack = 30;
/** So many branches fit into the pattern of the rule that sees merges. */
const branches = 20;
const repositories = ['orders', 'billing', 'stock'];

/** Synthesizes our own stacks into a directory and reads them. */
export function synthesizedPatterns(directory: string): Patterns {
  const { status, stderr } = spawnSync(process.execPath, ['--import', 'tsx', 'app.ts'], {
    cwd: join(import.meta.dirname, '..', '..'),
    env: { ...process.env, CDK_OUTDIR: directory, CDK_VALIDATION: 'false' },
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`synthesis failed: ${stderr}`);
  const read = (stack: string): Template =>
    JSON.parse(readFileSync(join(directory, `${stack}.template.json`), 'utf8')) as Template;
  return { devops: read('mergecast-devops'), prod: read('mergecast-prod') };
}

/** Writes the assembly of an organisation with so many environments, each with three pipelines. */
export function writeAssembly(directory: string, { devops, prod }: Patterns, environments: number): void {
  mkdirSync(directory, { recursive: true });
  const artifacts: Json = {};
  const write = (stack: string, account: string, template: Template, tags: Json = {}): void => {
    writeFileSync(join(directory, `${stack}.template.json`), JSON.stringify(template));
    const properties = { templateFile: `${stack}.template.json`, stackName: stack, tags };
    artifacts[stack] = { type: 'aws:cloudformation:stack', environment: `aws://${account}/eu-west-1`, properties };
  };
  write('mergecast-devops', '111111111111', devopsOf(devops));
  for (let first = 0; first < environments; first += environmentsPerStack)
    write(
      `mergecast-devops-${first}`,
      '111111111111',
      forwardingOf(devops, first, Math.min(first + environmentsPerStack, environments)),
    );
  for (let number = 0; number < environments; number++)
    write(`mergecast-${nameOf(number)}`, accountOf(number), environmentOf(prod, number), {
      'mergecast:profile': nameOf(number),
      'mergecast:branch': branchOf(number),
      'mergecast:repositories': repositories.join(' '),
    });
  writeFileSync(join(directory, 'manifest.json'), JSON.stringify({ version: '54.0.0', artifacts }));
}

const nameOf = (number: number): string => `e${String(number).padStart(4, '0')}`;
const accountOf = (number: number): string => String(500_000_000_000 + number);
const branchOf = (number: number): string => `branch-${number % branches}`;
const ofEnvironments = /(prod|staging|dev)(Role|Rule|Undelivered|Source|Read)|mergecastforward|StatusIntake/;

/** The DevOps stack without what belongs to single environments. */
function devopsOf({ Resources }: Template): Template {
  const kept = Object.entries(Resources).filter(([id]) => !ofEnvironments.test(id));
  const template = { Resources: structuredClone(Object.fromEntries(kept)) };
  for (const { Type, Properties } of Object.values(template.Resources)) {
    const detail = (Properties['EventPattern'] as { detail?: Json } | undefined)?.detail;
    if (Type !== 'AWS::Events::Rule' || detail?.['referenceName'] === undefined) continue;
    detail['referenceName'] = Array.from({ length: branches }, (_, number) => branchOf(number));
    detail['repositoryName'] = repositories;
  }
  return template;
}

/** What the DevOps account has for some environments, in a stack of its own. */
function forwardingOf({ Resources }: Template, first: number, end: number): Template {
  const ofProd = Object.entries(Resources).filter(([id]) =>
    /^(Forwardingprod|SourceAccessprod|StatusIntakemergecastprod)/.test(id),
  );
  const made: Template['Resources'] = {};
  for (let number = first; number < end; number++)
    for (const [id, { DependsOn: _, Metadata: __, ...resource }] of ofProd)
      made[renamed(id, number)] = withRepositories(
        JSON.parse(renamed(JSON.stringify(resource), number)) as typeof resource,
        number,
      );
  return { Resources: made };
}

function environmentOf(template: Template, number: number): Template {
  const { Resources } = JSON.parse(renamed(JSON.stringify(template), number)) as Template;
  const made: Template['Resources'] = {};
  for (const [id, resource] of Object.entries(Resources)) {
    made[id] = withRepositories(resource, number);
    if (resource.Type !== 'AWS::CodePipeline::Pipeline') continue;
    for (const repository of repositories.slice(1))
      made[`${repository}${id}`] = JSON.parse(
        JSON.stringify(resource)
          .replaceAll(`orders-${nameOf(number)}`, `${repository}-${nameOf(number)}`)
          .replaceAll('"RepositoryName":"orders"', `"RepositoryName":"${repository}"`),
      ) as typeof resource;
  }
  return { ...template, Resources: made };
}

/** One environment's names in place of prod's. */
const renamed = (text: string, number: number): string =>
  text
    .replaceAll('"BranchName":"prod"', `"BranchName":"${branchOf(number)}"`)
    .replaceAll('"branch":["prod"]', `"branch":["${branchOf(number)}"]`)
    .replaceAll('444444444444', accountOf(number))
    .replace(/(?<![a-z])prod(?![a-z])|(?<=mergecast|Forwarding|Access)prod/g, nameOf(number));

/** The starter may start, and rules take, all three repositories. */
function withRepositories<Resource extends { Type: string; Properties: Json }>(
  resource: Resource,
  number: number,
): Resource {
  const pipelines = repositories.map(
    (name) => `arn:aws:codepipeline:eu-west-1:${accountOf(number)}:${name}-${nameOf(number)}`,
  );
  if (resource.Type !== 'AWS::IAM::Policy' && resource.Type !== 'AWS::Events::Rule') return resource;
  const text = JSON.stringify(resource)
    .replaceAll(`"Resource":"${pipelines[0]}"`, `"Resource":${JSON.stringify(pipelines)}`)
    .replaceAll('"repository":["orders"]', `"repository":${JSON.stringify(repositories)}`);
  return JSON.parse(text) as Resource;
}
