import type { Answer, Course, Step } from '../../../events/start-steps.ts';
import { readChanges, readHead } from './branch.ts';
import { readEvidence } from './evidence.ts';
import { listRuns, readRun, readSource, retrySource, start } from './executions.ts';
import { readLedger, writeLedger } from './ledger.ts';
import { readHold, readRelease } from './parameters.ts';
import type { Performs, Place } from './place.ts';

/** One call to AWS for each question, by name. */
export const performing = (place: Place): Performs => ({
  'read-ledger': () => readLedger(place),
  'write-ledger': (ask) => writeLedger(place, ask),
  'list-runs': (ask) => listRuns(place, ask),
  'read-run': (ask) => readRun(place, ask),
  'read-source': (ask) => readSource(place, ask),
  'read-head': () => readHead(place),
  'read-changes': (ask) => readChanges(place, ask),
  'read-hold': () => readHold(place),
  'read-release': () => readRelease(place),
  'read-evidence': (ask) => readEvidence(place, ask),
  start: (ask) => start(place, ask),
  'retry-source': (ask) => retrySource(place, ask),
});

/** Walks a course to its end; a step that fails is thrown into the course, with the step's name before AWS's words. */
export async function walk<Result>(course: Course<Result>, performs: Performs): Promise<Result> {
  let next = course.next();
  while (!next.done) {
    const step: Step = next.value;
    try {
      next = course.next(await perform(step, performs));
    } catch (error) {
      const { name, message } = error as Error;
      next = course.throw(new Error(`${step.call}: ${name}: ${message}`, { cause: error }));
    }
  }
  return next.value;
}

const perform = (step: Step, performs: Performs): Promise<Answer> =>
  (performs[step.call] as (ask: Step) => Promise<Answer>)(step);
