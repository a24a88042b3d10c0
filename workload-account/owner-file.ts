import { existsSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type Freeze, type Hold, opensWithinAFortnight } from '../events/freeze.ts';
import { checkOpenHours, type OpenHours } from '../events/open-hours.ts';
import { defaultExportOf } from '../shared/default-export.ts';
import { Fault } from '../shared/fault.ts';
import { pipelineName, sourceStageName } from '../shared/names.ts';
import type { Environment } from '../shared/organisation-schema.ts';
import { noticeMistakes } from './notices.ts';
import { pathMistakes } from './path-filter.ts';
import { Pipeline, type PipelineDefinition, pipeline } from './pipeline-definition.ts';
import { serviceMistakes } from './service-names.ts';
import type { Step } from './steps/step.ts';
import { windowMistakes } from './steps/window.ts';

const checkout = join(import.meta.dirname, '..');
const ownFolder = join(import.meta.dirname, 'environments');

/**
 * What runs in an environment: its owner's file `environments/<environment>.ts`, or, without one, build and deploy for each repository.
 * Throws OwnerFileInvalid with everything that is wrong in the file.
 */
export async function ownPipelines(
  environment: Environment,
  folder = ownFolder,
): Promise<readonly PipelineDefinition[]> {
  const file = join(folder, `${environment.name}.ts`);
  if (!existsSync(file))
    return environment.repositories.map((repository) => pipeline(repository).build().deployStack());
  return checkedPipelines(
    environment,
    await defaultExportOf(file, (what) => new Fault('OwnerFileInvalid', what)),
    file,
  );
}

/** Owners' files that no environment has, and that therefore nothing reads. */
export const strayOwnerFiles = (environments: readonly Environment[], folder = ownFolder): readonly string[] =>
  (existsSync(folder) ? readdirSync(folder) : [])
    .filter((file) => !environments.some(({ name }) => file === `${name}.ts`))
    .map((file) => relative(checkout, join(folder, file)));

/** Takes what an owner's file exports; throws OwnerFileInvalid with everything that is wrong with it. */
export function checkedPipelines(
  environment: Environment,
  exported: unknown,
  file = join(ownFolder, `${environment.name}.ts`),
): readonly PipelineDefinition[] {
  const isList = Array.isArray(exported) && exported.length > 0 && exported.every((each) => each instanceof Pipeline);
  if (!isList) throw invalid(file, ['write export default pipelines(pipeline(…)…)']);
  const definitions = exported as readonly PipelineDefinition[];
  const services = definitions.map(({ service }) => service);
  const mistakes = definitions.flatMap((definition, index) => {
    const found = mistakesIn(definition, environment, services);
    const isSecond = services.indexOf(definition.service) !== index;
    const already = "there is one already: give each a part of its own, as pipeline('shop', 'web')";
    return [...found, ...(isSecond ? [already] : [])].map((mistake) => `pipeline('${definition.service}'): ${mistake}`);
  });
  const lost = new Set(definitions.flatMap((each) => (each as Pipeline).lostIn(file, definitions)));
  for (const line of lost)
    mistakes.push(
      `line ${line} adds to a pipeline, and what it answers is not used: say it in the sentence that is exported`,
    );
  if (mistakes.length > 0) throw invalid(file, mistakes);
  return definitions;
}

function mistakesIn(definition: PipelineDefinition, environment: Environment, services: readonly string[]) {
  const { repository, steps, freezes, required, paths, mistakes = [] } = definition;
  const { repositories } = environment;
  const stages = steps.flatMap(({ stage, inner = [] }) => [stage, ...inner.map((each) => each.stage)]);
  return [
    ...mistakes,
    ...definition.notices.flatMap(noticeMistakes),
    ...serviceMistakes(definition, services, environment.name),
    ...steps.flatMap((step) => stepMistakes(step, environment, services)),
    ...artifactMistakes(steps),
    ...(repositories.includes(repository)
      ? []
      : [`the environment does not follow this repository, but ${repositories.join(', ')}`]),
    ...(steps.length === 0 ? ['it has no steps: add one, such as .build()'] : []),
    ...stages
      .filter((stage, index) => stage === sourceStageName || stages.indexOf(stage) !== index)
      .map((stage) => `two stages are named '${stage}': name this one with { stage: … }`),
    ...stages
      .filter((stage) => !/^[A-Za-z0-9.@_-]{1,100}$/.test(stage))
      .map((stage) => `stage '${stage}': CodePipeline takes letters, digits and . @ - _, 100 at most`),
    ...(paths === undefined ? [] : pathMistakes(paths)),
    ...holdMistakes(freezes),
    ...requiredMistakes(required, environment),
  ];
}

function stepMistakes(step: Step, { name }: Environment, services: readonly string[]): readonly string[] {
  const { stage, inner, conditions: { entry = [], skippedUnless = [], rolledBackUnless = [] } = {} } = step;
  const own = services.map((service) => pipelineName(service, name));
  const all = [step, ...(inner ?? [])];
  const started = all.flatMap(({ starts }) => starts ?? []);
  return [
    ...all.flatMap(({ mistakes = [], stage: at }) => mistakes.map((mistake) => `stage '${at}': ${mistake}`)),
    ...(inner?.length === 0 ? [`stage '${stage}' holds no step: give sideBySide() some, or leave it out`] : []),
    ...(inner ?? [])
      .filter(({ conditions }) => conditions !== undefined)
      .map((each) => `step '${each.stage}' has conditions inside '${stage}': AWS takes them for the whole stage only`),
    ...started
      .filter((pipeline) => own.includes(pipeline))
      .map((pipeline) => `stage '${stage}' starts ${pipeline}, which merges alone start: start another pipeline`),
    ...(entry.length > 0 && skippedUnless.length > 0
      ? [`stage '${stage}' has onlyWhen() and skippedUnless(): AWS takes one condition before a stage`]
      : []),
    ...skippedUnless
      .filter(({ provider }) => provider !== 'LambdaInvoke' && provider !== 'VariableCheck')
      .map(
        ({ provider }) => `stage '${stage}': skippedUnless() takes variable() and functionAgrees(), and no ${provider}`,
      ),
    ...[entry, rolledBackUnless].flatMap((rules) =>
      windowMistakes(
        rules.flatMap(({ window }) => window ?? []),
        new Date().getUTCFullYear(),
      ).map((mistake) => `stage '${stage}': ${mistake}`),
    ),
    ...[entry, skippedUnless, rolledBackUnless]
      .filter((rules) => rules.length > 5)
      .map((rules) => `stage '${stage}': ${rules.length} rules, and AWS takes 5 in a condition`),
  ];
}

/** Inputs that no step before makes; what stands side by side begins at the same time. */
function artifactMistakes(steps: readonly Step[]): readonly string[] {
  const made = [sourceStageName];
  return steps.flatMap((step) => {
    const all = [step, ...(step.inner ?? [])];
    const unknown = all.filter(({ input }) => input !== undefined && !made.includes(input));
    const mistakes = unknown.map(
      ({ stage, input }) =>
        `stage '${stage}' reads '${input}', and the artifacts made before it are ${made.join(', ')}`,
    );
    made.push(...all.filter(({ makesArtifact }) => makesArtifact).map(({ stage }) => stage));
    return mistakes;
  });
}

function requiredMistakes(required: readonly string[], { name, evidenceFrom = [] }: Environment): readonly string[] {
  return required.flatMap((other) => {
    if (other === name)
      return [`requires('${other}'): an environment is no evidence for itself, name the one before it`];
    if (evidenceFrom.includes(other)) return [];
    return [
      `requires('${other}'): add evidenceFrom: ['${other}'] to ${name} in organisation.ts, so that its starter may read that environment's records`,
    ];
  });
}

function holdMistakes(holds: readonly Hold[]): readonly string[] {
  const mistakes = holds.flatMap((hold) => [
    ...('open' in hold ? hoursMistakes(hold) : freezeMistakes(hold)),
    ...(hold.reason.trim() === '' ? [`${nameOf(hold)} has no reason: those whose merge it holds are shown one`] : []),
  ]);
  const hours = holds.filter((hold) => 'open' in hold);
  return mistakes.length > 0 || opensWithinAFortnight(hours, Date.UTC(2026, 0, 5))
    ? mistakes
    : ['its opening hours never are open at the same time, so nothing would ever start'];
}

const nameOf = (hold: Hold): string =>
  'open' in hold ? `openHours(${JSON.stringify(hold.open)})` : `the freeze from ${hold.from}`;

function hoursMistakes(hours: OpenHours): readonly string[] {
  try {
    checkOpenHours(hours);
    return [];
  } catch (error) {
    return [`openHours(): ${(error as Error).message}`];
  }
}

function freezeMistakes({ from, until, reason }: Freeze): readonly string[] {
  const unclear = [from, until].filter(
    (time) => !/^\d{4}-\d\d-\d\dT.*(Z|[+-]\d\d:\d\d)$/.test(time) || Number.isNaN(Date.parse(time)),
  );
  if (unclear.length > 0)
    return unclear.map((time) => `freeze '${reason}': '${time}' is no time with its zone, as 2026-12-24T18:00:00Z`);
  return Date.parse(from) < Date.parse(until)
    ? []
    : [`freeze '${reason}': it ends (${until}) before it begins (${from})`];
}

const invalid = (file: string, mistakes: readonly string[]) =>
  new Fault('OwnerFileInvalid', `${relative(checkout, file)}: ${mistakes.join('; ')}`);
