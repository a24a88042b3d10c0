import { fields, listOf, mapOf, type Shape, text } from '../yaml/shapes.ts';
import type { OnFailure, Phase, PhaseName } from './types.ts';

const phaseNames: readonly PhaseName[] = ['install', 'pre_build', 'build', 'post_build'];
const defaultRetries = 3;
const mostRetries = 100;

/** `ABORT`, `CONTINUE`, `RETRY`, `RETRY-<count>`, `RETRY-<regex>` or `RETRY-<count>-<regex>`. */
const onFailure: Shape<OnFailure> = (spot) => {
  const given = text(spot);
  if (given === 'ABORT' || given === 'CONTINUE') return { action: given };
  const [, countText, pattern] = /^RETRY(?:-(\d+))?(?:-(.+))?$/s.exec(given) ?? [];
  if (!given.startsWith('RETRY') || (given !== 'RETRY' && countText === undefined && pattern === undefined))
    throw spot.refusal(
      `'${given}' is unknown: it is ABORT, CONTINUE, RETRY, RETRY-<count>, RETRY-<regex> or RETRY-<count>-<regex>`,
    );
  const count = countText === undefined ? defaultRetries : Number(countText);
  if (count > mostRetries) throw spot.refusal(`retries ${countText} times, and ${mostRetries} are allowed`);
  if (pattern !== undefined) checkPattern(pattern, (problem) => spot.refusal(problem));
  return pattern === undefined ? { action: 'RETRY', count } : { action: 'RETRY', count, pattern };
};

const commonFields = { 'run-as': text, 'on-failure': onFailure, commands: listOf(text), finally: listOf(text) };
const phaseFields = fields(commonFields);
const installFields = fields({ ...commonFields, 'runtime-versions': mapOf(text) });

function phase(name: PhaseName): Shape<Phase> {
  return (spot) => {
    // The other phases have no `runtime-versions`; there it is refused as any unknown key is.
    const read: ReturnType<typeof installFields> = name === 'install' ? installFields(spot) : phaseFields(spot);
    if (read.commands === undefined && read.runtimeVersions === undefined)
      throw spot.refusal("the key 'commands' is missing");
    return {
      name,
      runAs: read.runAs,
      onFailure: read.onFailure ?? { action: 'ABORT' },
      runtimeVersions: read.runtimeVersions ?? {},
      commands: read.commands ?? [],
      finally: read.finally ?? [],
    };
  };
}

const everyPhase = fields({
  install: phase('install'),
  pre_build: phase('pre_build'),
  build: phase('build'),
  post_build: phase('post_build'),
});

/** The phases in the order of their running, whatever their order in the file. */
export const phases: Shape<readonly Phase[]> = (spot) => {
  const read = everyPhase(spot);
  const found = phaseNames.map((name) => read[name]).filter((each) => each !== undefined);
  if (found.length === 0) throw spot.refusal(`holds no phase; known: ${phaseNames.join(', ')}`);
  return found;
};

function checkPattern(pattern: string, refusal: (problem: string) => Error): void {
  try {
    new RegExp(pattern);
  } catch (error) {
    throw refusal((error as Error).message);
  }
}
