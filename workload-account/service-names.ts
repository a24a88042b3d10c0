import { deployedStackName, pipelineName } from '../shared/names.ts';
import type { PipelineDefinition } from './pipeline-definition.ts';

/** The pipeline, its roles and its projects have this in their names. Source: IAM takes 64 characters in the name of a role. */
const longestName = 56;

/**
 * What is wrong with the names that a pipeline is to have, beside the other pipelines of its environment. Those of whole repositories are
 * looked at in organisation.ts already.
 */
export function serviceMistakes(
  { service, repository }: PipelineDefinition,
  services: readonly string[],
  environment: string,
): readonly string[] {
  if (service === repository) return [];
  const pipeline = pipelineName(service, environment);
  const stack = deployedStackName(service, environment);
  const covering = services
    .filter((other) => other !== service)
    .map((other) => deployedStackName(other, environment))
    .find((other) => stack === other || stack.startsWith(`${other}-`));
  return [
    ...(/^[A-Za-z0-9][A-Za-z0-9-]*$/.test(service.slice(repository.length + 1))
      ? []
      : ['a part is named with letters, digits and hyphens']),
    ...(pipeline.length > longestName
      ? [
          `the pipeline would be named '${pipeline}', ${pipeline.length - longestName} characters too long: choose a shorter part`,
        ]
      : []),
    ...(covering === undefined
      ? []
      : [
          `its stack '${stack}' is named like a part of stack '${covering}', whose deployments could change it: rename one`,
        ]),
  ];
}
