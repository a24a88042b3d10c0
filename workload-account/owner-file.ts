import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Fault } from '../shared/fault.ts';
import type { Environment } from '../shared/organisation-schema.ts';
import { type PipelineDefinition, pipeline } from './pipeline-definition.ts';

/**
 * What runs in an environment: its owner's file `environments/<environment>.ts`, or, without one, build and deploy for each repository.
 * Throws OwnerFileInvalid for a repository that the environment does not follow, or one that has two pipelines.
 */
export async function ownPipelines(environment: Environment): Promise<readonly PipelineDefinition[]> {
  const file = join(import.meta.dirname, 'environments', `${environment.name}.ts`);
  if (!existsSync(file))
    return environment.repositories.map((repository) => pipeline(repository).build().deployStack());
  const { default: definitions } = (await import(pathToFileURL(file).href)) as { default?: unknown };
  if (!Array.isArray(definitions) || definitions.length === 0)
    throw invalid(environment, 'its default export is no list of pipelines: export default pipelines(pipeline(…)…)');
  for (const { repository, steps } of definitions as readonly PipelineDefinition[]) {
    if (!environment.repositories.includes(repository))
      throw invalid(environment, `pipeline('${repository}') is of a repository that the environment does not follow`);
    if (steps.length === 0) throw invalid(environment, `pipeline('${repository}') has no steps`);
    const [twice] = steps
      .map(({ stage }) => stage)
      .filter((stage, index, all) => stage === 'Source' || all.indexOf(stage) !== index);
    if (twice !== undefined) throw invalid(environment, `pipeline('${repository}') has two stages named '${twice}'`);
  }
  const repositories = (definitions as readonly PipelineDefinition[]).map(({ repository }) => repository);
  const doubled = repositories.find((repository, index) => repositories.indexOf(repository) !== index);
  if (doubled !== undefined) throw invalid(environment, `there are two pipelines of '${doubled}'`);
  return definitions as readonly PipelineDefinition[];
}

const invalid = ({ name }: Environment, what: string) =>
  new Fault('OwnerFileInvalid', `workload-account/environments/${name}.ts: ${what}`);
