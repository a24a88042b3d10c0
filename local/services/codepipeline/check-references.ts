import { invalidAction } from './refusals.ts';
import type { Action, Condition, Rule, Stage } from './tables.ts';

/** Namespaces that need no action. */
const builtIn = ['codepipeline', 'variables'];
const format =
  'Valid format for a pipeline execution variable reference is a namespace and a key separated by a period (.).';

/** Something that may refer to variables. */
interface Referring {
  readonly stage: string;
  readonly kind: 'Action' | 'Rule';
  readonly subject: Action | Rule;
}

/**
 * Refuses namespaces that occur twice and references to namespaces that nobody fills, or not in time: an action can read what actions of an earlier stage or of a
 * smaller runOrder leave. Throws InvalidActionDeclarationException. Source of the first texts: what CodePipeline answers, told in aws/aws-cdk
 * issues 6111 and 17272.
 */
export function checkReferences(stages: readonly Stage[]): void {
  const actions = stages.flatMap(({ name: stage, actions }) => actions.map((action) => ({ stage, action })));
  checkUnique(actions);
  const all = new Set([...builtIn, ...actions.flatMap(({ action }) => action.namespace ?? [])]);
  const filled = new Set(builtIn);
  for (const { name: stage, actions, beforeEntry, onSuccess, onFailure } of stages) {
    checkRules(stage, beforeEntry, all, filled);
    for (const runOrder of [...new Set(actions.map((action) => action.runOrder))].sort((a, b) => a - b)) {
      const group = actions.filter((action) => action.runOrder === runOrder);
      for (const subject of group) checkReferring({ stage, kind: 'Action', subject }, all, filled);
      for (const { namespace } of group) if (namespace !== undefined) filled.add(namespace);
    }
    checkRules(stage, onSuccess, all, filled);
    checkRules(stage, onFailure?.condition, all, filled);
  }
}

function checkUnique(actions: readonly { readonly stage: string; readonly action: Action }[]): void {
  const seen = new Set(builtIn);
  for (const { stage, action } of actions) {
    if (action.namespace === undefined) continue;
    if (seen.has(action.namespace))
      throw invalidAction(
        `Namespaces must be unique across the pipeline definition. The following occur more than once in the pipeline. StageName=[${stage}], ActionName=[${action.name}], Namespace=[${action.namespace}]`,
      );
    seen.add(action.namespace);
  }
}

function checkRules(
  stage: string,
  condition: Condition | undefined,
  all: ReadonlySet<string>,
  filled: ReadonlySet<string>,
): void {
  for (const subject of condition?.rules ?? []) checkReferring({ stage, kind: 'Rule', subject }, all, filled);
}

function checkReferring(
  { stage, kind, subject }: Referring,
  all: ReadonlySet<string>,
  filled: ReadonlySet<string>,
): void {
  const isSource = 'category' in subject && subject.category === 'Source';
  const environment = 'environment' in subject ? subject.environment : {};
  for (const [key, text] of Object.entries({ ...subject.configuration, ...environment }))
    for (const [, reference = ''] of text.matchAll(/#\{([^{}]*)\}/g)) {
      const where = `StageName=[${stage}], ${kind}Name=[${subject.name}], ${kind}ConfigurationKey=[${key}], VariableReferenceText=[${reference}]`;
      const [namespace = ''] = reference.split('.');
      if (!/^[\w@-]+\.[\w@-]+$/.test(reference))
        throw invalidAction(`${format} The following pipeline execution variables are not of this format. ${where}`);
      if (!all.has(namespace))
        throw invalidAction(
          `${format} The following pipeline execution variables are referencing a namespace that does not exist. ${where}`,
        );
      if (!filled.has(namespace))
        throw invalidAction(
          `The following pipeline execution variables are referencing a namespace of an action that has not ended by then. ${where}`,
        );
      if (isSource && namespace === 'variables')
        throw invalidAction(`Source actions cannot read variables of the pipeline. ${where}`);
    }
}
