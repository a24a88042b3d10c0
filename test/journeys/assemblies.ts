import { spawnSync } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject, onTestFinished } from 'vitest';
import type { OrganisationFile } from '../../shared/organisation-schema.ts';
import type { PipelineDefinition } from '../../workload-account/pipeline-definition.ts';
import { appOf, appOfFolder, organisationFile } from '../synthesis.ts';

const checkout = join(import.meta.dirname, '..', '..');

/** A template as an object, for a test that takes something away from it. */
export interface EditableTemplate {
  Resources: Record<string, { Type: string; Properties: Record<string, unknown> }>;
}

/** What a journey plays: the default organisation, changed if it says so. */
export interface Played {
  /** Changes templates before they are played, by stack name. */
  readonly edit?: Readonly<Record<string, (template: EditableTemplate) => void>>;
  readonly buildspec?: string;
  /** What dev's owner wrote, in place of build and deploy; it is synthesized for this journey. */
  readonly dev?: PipelineDefinition;
  /** An organisation with what its owners wrote, in place of the default one; it is synthesized for this journey. */
  readonly own?: {
    readonly file: OrganisationFile;
    readonly definitions: Readonly<Record<string, PipelineDefinition>>;
  };
  /** The organisation of examples/<name>, in place of the default one; it is synthesized for this journey. */
  readonly example?: string;
  /** The repository that is merged to. @default 'orders' */
  readonly repository?: string;
  /** What the names of its pipelines begin with. @default - the repository */
  readonly service?: string;
  /** The directory of the files that the clone begins with, not yet committed. @default - the quick service, pushed to main */
  readonly files?: string;
}

/** The directory of the assembly to play: the one synthesized for all tests, or a changed copy of it. */
export async function assemblyOf({ edit = {}, dev, own, example }: Played): Promise<string> {
  const shared =
    example !== undefined
      ? await exampleAssembly(example)
      : dev === undefined && own === undefined
        ? inject('assembly')
        : synthesizedWith(own?.definitions ?? (dev === undefined ? {} : { dev }), own?.file);
  if (Object.keys(edit).length === 0) return shared;
  const copy = await mkdtemp(join(tmpdir(), 'mergecast-assembly-'));
  onTestFinished(() => rm(copy, { recursive: true, force: true }));
  await cp(shared, copy, { recursive: true });
  for (const [stack, change] of Object.entries(edit)) {
    const file = join(copy, `${stack}.template.json`);
    const template = JSON.parse(await readFile(file, 'utf8')) as EditableTemplate;
    change(template);
    await writeFile(file, JSON.stringify(template));
  }
  return copy;
}

function synthesizedWith(definitions: Readonly<Record<string, PipelineDefinition>>, file = organisationFile): string {
  process.env['CDK_VALIDATION'] = 'false';
  return appOf(file, definitions).synth().directory;
}

async function exampleAssembly(name: string): Promise<string> {
  process.env['CDK_VALIDATION'] = 'false';
  return (await appOfFolder(join(checkout, 'examples', name))).synth().directory;
}

/** Synthesizes the default organisation into a directory of its own. */
export function synthesizeInto(directory: string, parameters: readonly string[] = []): void {
  const { status, stderr, stdout } = spawnSync(process.execPath, ['--import', 'tsx', 'app.ts', ...parameters], {
    cwd: checkout,
    env: { ...process.env, CDK_OUTDIR: directory, CDK_VALIDATION: 'false' },
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`synthesis failed: ${stdout}${stderr}`);
}
