import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { inject, onTestFinished } from 'vitest';
import { makeEnvironmentsStacks } from '../devops-account/environments-stack.ts';
import { DevopsStack } from '../devops-account/stack.ts';
import { cdkApp } from '../shared/constructs/cdk-app.ts';
import { organisationFolder } from '../shared/organisation-folder.ts';
import { chosen, type OrganisationFile, parseOrganisation } from '../shared/organisation-schema.ts';
import { ownPipelines } from '../workload-account/owner-file.ts';
import { type PipelineDefinition, pipeline } from '../workload-account/pipeline-definition.ts';
import { WorkloadStack } from '../workload-account/stack.ts';

/** A resource of a template. */
export interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
  readonly DeletionPolicy?: string;
}

/** The default organisation, for tests that change it. */
export const organisationFile: OrganisationFile = {
  devops: { account: '111111111111', region: 'eu-west-1' },
  alarmEmail: 'ops@example.com',
  repositories: [{ name: 'orders', create: true }],
  environments: [
    { name: 'dev', account: '222222222222', branch: 'dev' },
    { name: 'staging', account: '333333333333', branch: 'staging' },
    { name: 'prod', account: '444444444444', branch: 'prod' },
  ],
};

/** Build and deploy, as an environment has it whose owner wrote no file. */
export const plain = (repository: string): PipelineDefinition => pipeline(repository).build().deployStack();

/** The template of a stack of the default organisation, as `npm run synth` writes it. */
export function templateOf(stack: string): Template {
  const text = readFileSync(join(inject('assembly'), `${stack}.template.json`), 'utf8');
  return Template.fromJSON(JSON.parse(text) as Record<string, unknown>);
}

/** Resources of a type, by logical id. */
export function resourcesOf(template: Template, type?: string): Record<string, Resource> {
  const { Resources } = template.toJSON() as { Resources: Record<string, Resource> };
  return Object.fromEntries(Object.entries(Resources).filter(([, each]) => type === undefined || each.Type === type));
}

/** Pipelines by environment; an environment that is left out has the plain ones. */
type Definitions = Readonly<Record<string, PipelineDefinition | readonly PipelineDefinition[]>>;

/** An app with the stacks of an organisation, not synthesized yet; its directory goes with the test. */
export function appOf(file: OrganisationFile, definitions: Definitions = {}, only?: string): App {
  const organisation = parseOrganisation(file);
  const { devops, environments } = chosen(organisation, only);
  const app = emptyApp();
  if (devops) makeEnvironmentsStacks(new DevopsStack(app, organisation), organisation);
  for (const environment of environments) {
    const own = definitions[environment.name];
    new WorkloadStack(app, organisation, environment, own ? [own].flat() : environment.repositories.map(plain));
  }
  return app;
}

/** An app with all that a folder's organisation has, as `-c organisation=<folder>` makes it. */
export async function appOfFolder(folder: string): Promise<App> {
  const app = emptyApp({ organisation: folder });
  const { file, owners, moreStacks } = await organisationFolder(folder, app);
  const organisation = parseOrganisation(file);
  makeEnvironmentsStacks(new DevopsStack(app, organisation), organisation);
  for (const environment of organisation.environments)
    new WorkloadStack(app, organisation, environment, await ownPipelines(environment, owners));
  moreStacks?.(app, organisation);
  return app;
}

function emptyApp(context: Readonly<Record<string, string>> = {}): App {
  const outdir = mkdtempSync(join(tmpdir(), 'mergecast-synthesis-'));
  onTestFinished(() => rmSync(outdir, { recursive: true, force: true }));
  return cdkApp(context, outdir);
}

/** Synthesizes an organisation here, without AWS's validator; the templates by stack name. */
export function synthesized(
  file: OrganisationFile,
  definitions: Definitions = {},
  only?: string,
): ReadonlyMap<string, Template> {
  process.env['CDK_VALIDATION'] = 'false';
  const { stacks } = appOf(file, definitions, only).synth();
  return new Map(
    stacks.map(({ stackName, template }) => [stackName, Template.fromJSON(template as Record<string, unknown>)]),
  );
}

/** The statements of all policies of a role, inline or attached. */
export function statementsOf(template: Template, roleName: string): readonly Statement[] {
  const [id] = Object.entries(resourcesOf(template, 'AWS::IAM::Role')).find(
    ([, { Properties }]) => Properties['RoleName'] === roleName,
  ) ?? [undefined];
  return Object.values(resourcesOf(template, 'AWS::IAM::Policy'))
    .filter(({ Properties }) => JSON.stringify(Properties['Roles']).includes(`"${id}"`))
    .flatMap(({ Properties }) => (Properties['PolicyDocument'] as { Statement: Statement[] }).Statement);
}

/** A statement of a policy. */
export interface Statement {
  readonly Sid?: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
}
