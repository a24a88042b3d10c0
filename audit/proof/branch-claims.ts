import type { CloudResource } from '../cloud/cloud.ts';
import type { Step } from './backwards.ts';
import { branchPathOf, fieldPattern, through } from './passing.ts';
import type { Templates } from './templates.ts';
import { type Counterexample, lacking, type Verdict } from './verdict.ts';

/** Whether events reach the pipelines of an environment of a branch that a pattern's list takes: `["dev"]`, or `[{"anything-but": "prod"}]`. */
export function proveBranch(environment: string, branches: readonly unknown[], templates: Templates): Verdict {
  const pipelines = templates.pipelinesOf(environment);
  if (pipelines.length === 0) return lacking(environment, 'is no environment with a pipeline in these templates');
  const by = new Set<string>();
  for (const pipeline of pipelines) {
    const steps = templates.backwards.starting(pipeline, ({ pattern, resource, bus }) => {
      const path = branchPathOf([pattern]) ?? 'detail.branch';
      const wrong = fieldPattern(path, branches);
      const place = `rule ${resource.name} (${resource.stack}/${resource.logicalId})`;
      if (through([wrong], pattern).length > 0) by.add(`nobody may put events on ${bus} that ${place} would take`);
      else by.add(`${place} asks for ${path} ${writtenAt(path, pattern.clauses.flat())}`);
      return [wrong];
    });
    const [chain] = steps.flatMap((step) => {
      const found = originOf(step);
      return found ? [found] : [];
    });
    if (chain) return { verdict: 'refuted', counterexample: exampleOf(chain, pipeline) };
  }
  return { verdict: 'proven', by: by.size > 0 ? [...by] : ['no rule sets to work what starts its pipelines'] };
}

const writtenAt = (path: string, fields: readonly { readonly path: string; readonly written: string }[]): string =>
  [...new Set(fields.filter((field) => field.path === path).map(({ written }) => written))].join(' or ');

/** The first chain that begins with somebody's own doing and goes over an event or an invocation: what is started by a call is another claim's. */
function originOf(step: Step, event = false): readonly Step[] | undefined {
  const carries = event || step.kind === 'event' || step.can.startsWith('may invoke ');
  if (step.origin) return carries ? [step] : undefined;
  for (const before of step.through) {
    const chain = originOf(before, carries);
    if (chain) return [...chain, step];
  }
  return undefined;
}

/** A chain, from its origin on. */
function exampleOf(chain: readonly Step[], pipeline: CloudResource): Counterexample {
  const [first, ...rest] = chain;
  const event = chain.find((step) => step.event !== undefined)?.event;
  const { principal, action, resource, context } = first?.call ?? {};
  return {
    who: first?.who ?? '',
    does: first?.can ?? '',
    by: first?.by ?? [],
    ...(principal === undefined || action === undefined || resource === undefined
      ? {}
      : { principal, action, resource, context: context ?? {} }),
    ...(event === undefined ? {} : { event: JSON.parse(event) as Record<string, unknown> }),
    then: [...rest.map(({ who, can }) => `${who} ${can}`), `${pipeline.arn} starts`],
  };
}
