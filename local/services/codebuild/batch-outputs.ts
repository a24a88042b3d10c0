import { AwsError } from '../../world/failure.ts';
import type { BuildBatch } from './batch-tables.ts';
import type { StartInput } from './start-build.ts';
import type { OutputPlace } from './tables.ts';

/** Where a batch whose artifacts are combined has the one of a single build. */
const partOf = ({ id }: BuildBatch, { key }: OutputPlace, identifier: string): string =>
  `${key}.parts/${id.split(':')[1] ?? id}/${identifier}`;

/** Whether the builds' primary artifacts become one, which takes a place to put it. */
export const combines = ({ config, template }: BuildBatch): boolean =>
  config.combineArtifacts === true && template.outputs.length > 0;

/** Where one build's artifact waits to be combined. */
export function partPlace(batch: BuildBatch, identifier: string): { readonly bucket: string; readonly key: string } {
  const output = batch.template.outputs[0] as OutputPlace;
  return { bucket: output.bucket, key: partOf(batch, output, identifier) };
}

/**
 * Where a build of a batch puts its artifacts. In a pipeline an output is named `<build>` or `<build>_<secondary artifact>`; otherwise each build has
 * a folder of its identifier, which AWS does not document. Source: "Samples of CodePipeline/CodeBuild integrations and batch builds" of the CodeBuild guide.
 */
export function outputsOfBuild(batch: BuildBatch, identifier: string): readonly OutputPlace[] {
  const { outputs, pipeline } = batch.template;
  if (combines(batch))
    return [{ ...partPlace(batch, identifier), identifier: 'artifact', of: 'primary', optional: true }];
  if (pipeline !== undefined) return pipelineOutputs(batch, identifier);
  const first = primaryOf(batch);
  return outputs.map((output) => ({
    ...output,
    key: output.key.replace(/[^/]*$/, (name) => `${identifier}/${name}`),
    of: output === first ? 'primary' : 'secondary',
  }));
}

function primaryOf({ template }: BuildBatch): OutputPlace | undefined {
  const { artifactsOverride } = template.wanted as StartInput;
  const { type } = artifactsOverride ?? template.project.shape.artifacts;
  return type === 'S3' ? template.outputs[0] : undefined;
}

const pipelineOutputs = (batch: BuildBatch, identifier: string): readonly OutputPlace[] =>
  batch.template.outputs
    .filter((output) => ownerOf(batch, output.identifier) === identifier)
    .map((output) =>
      output.identifier === identifier
        ? { ...output, of: 'primary' }
        : { ...output, identifier: output.identifier.slice(identifier.length + 1), of: 'secondary' },
    );

/** The build whose output has that name; of `a` and `a_b` the longer one that fits. */
const ownerOf = ({ groups }: Pick<BuildBatch, 'groups'>, output: string): string | undefined =>
  groups
    .map(({ identifier }) => identifier)
    .filter((identifier) => output === identifier || output.startsWith(`${identifier}_`))
    .sort((a, b) => b.length - a.length)[0];

/** Throws InvalidInputException for an output of a pipeline's action that no build makes. */
export function checkOutputs(batch: BuildBatch): void {
  const { outputs, pipeline } = batch.template;
  if (config(batch) && outputs.length > 1)
    throw new AwsError('InvalidInputException', 'combined artifacts have one output: name one output artifact');
  if (pipeline === undefined || combines(batch)) return;
  const stray = outputs.find(({ identifier }) => ownerOf(batch, identifier) === undefined);
  if (stray !== undefined)
    throw new AwsError(
      'InvalidInputException',
      `output artifact ${stray.identifier} is of no build: name it <build> or <build>_<secondary artifact>, where the builds are ${batch.groups.map(({ identifier }) => identifier).join(', ')}`,
    );
}

const config = ({ config: { combineArtifacts } }: BuildBatch): boolean => combineArtifacts === true;
