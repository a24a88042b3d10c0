import type { World } from '../../world/world.ts';
import { findActionType } from './action-types.ts';
import { checkReferences } from './check-references.ts';
import { invalidStructure as invalid, invalidAction } from './refusals.ts';
import type { Action, Condition, Pipeline, Stage } from './tables.ts';

const fewestStages = 2;
const mostStages = 50;
const mostActions = 50;
const mostActionsOfAll = 1000;
const name = /^[A-Za-z0-9.@_-]{1,100}$/;

/**
 * Refuses a structure that CodePipeline refuses, with the first reason. Sources: the CodePipeline pages on the pipeline structure and on
 * quotas (facts 3.7); the sentences are ours.
 */
export function checkStructure(world: World, pipeline: Pipeline): void {
  const { stages, executionMode } = pipeline;
  if (stages.length < fewestStages || stages.length > mostStages)
    throw invalid(`a pipeline has ${fewestStages} to ${mostStages} stages, and this one has ${stages.length}`);
  const twice = repeated(stages.map((stage) => stage.name));
  if (twice !== undefined) throw invalid(`two stages have the name '${twice}'`);
  for (const stage of stages) checkStage(stage);
  for (const stage of stages) checkConditions(stage, executionMode);
  const total = stages.flatMap(({ actions }) => actions).length;
  if (total > mostActionsOfAll)
    throw invalid(`a pipeline has at most ${mostActionsOfAll} actions, and this one has ${total}`);
  checkSources(stages);
  for (const { actions } of stages) for (const action of actions) checkAction(world, pipeline, action);
  checkArtifacts(stages);
  checkReferences(stages);
}

/** Source of the text: what CodePipeline answers, told in awsdocs/aws-cloudformation-user-guide pull request 941. */
function checkAction(world: World, at: Pipeline, action: Action): void {
  if (action.timeoutMinutes !== undefined && action.category !== 'Approval')
    throw invalidAction(`Action ${action.name} has a time-out, which only approvals may have`);
  const counts = findActionType(world, at, action);
  if (counts === undefined) return;
  for (const [kind, { length }, [fewest, most]] of [
    ['input', action.inputs, counts.inputs],
    ['output', action.outputs, counts.outputs],
  ] as const) {
    const declares = `Action ${action.name} declares ${length} ${kind} artifacts which is`;
    if (length < fewest) throw invalidAction(`${declares} less than the minimum count (${fewest})`);
    if (length > most) throw invalidAction(`${declares} greater than the maximum count (${most})`);
  }
}

function checkStage({ name: stage, actions }: Stage): void {
  if (!name.test(stage)) throw invalid(`stage '${stage}': a name takes letters, digits and . @ - _, 100 at most`);
  if (actions.length === 0 || actions.length > mostActions)
    throw invalid(`stage ${stage} has ${actions.length} actions: 1 to ${mostActions} are allowed`);
  const twice = repeated(actions.map((action) => action.name));
  if (twice !== undefined) throw invalid(`stage ${stage}: two actions have the name '${twice}'`);
  for (const action of actions) {
    if (!name.test(action.name)) throw invalid(`stage ${stage}: action '${action.name}' has no valid name`);
    if (!Number.isInteger(action.runOrder) || action.runOrder < 1 || action.runOrder > 999)
      throw invalid(`stage ${stage}: action ${action.name} has runOrder ${action.runOrder}, which is not 1 to 999`);
  }
}

const mayBeSkipped = ['LambdaInvoke', 'VariableCheck'];

/** Source: facts 3.3 and 3.5. */
function checkConditions(
  { name: stage, beforeEntry, onSuccess, onFailure }: Stage,
  mode: Pipeline['executionMode'],
): void {
  const results = [beforeEntry?.result, onSuccess?.result, onFailure?.result, onFailure?.condition?.result];
  if (mode === 'PARALLEL' && results.includes('ROLLBACK'))
    throw invalid(`stage ${stage}: the result ROLLBACK is not available in PARALLEL mode`);
  const unskippable = beforeEntry?.rules.find(({ provider }) => !mayBeSkipped.includes(provider));
  if (beforeEntry?.result === 'SKIP' && unskippable !== undefined)
    throw invalid(
      `stage ${stage}: the result SKIP takes rules of ${mayBeSkipped.join(' and ')}, and not of ${unskippable.provider}`,
    );
  if (onFailure?.result === 'RETRY' && onFailure.condition !== undefined)
    throw invalid(`stage ${stage}: automatic retry cannot be combined with conditions on failure`);
}

function checkSources([first, ...others]: readonly Stage[]): void {
  const isSource = ({ category }: Action) => category === 'Source';
  if (first?.actions.every(isSource) !== true) throw invalid('the first stage must hold only source actions');
  if (others.some(({ actions }) => actions.some(isSource)))
    throw invalid('source actions may stand only in the first stage');
}

/** An action's input is the output of an action that has ended when it begins: of an earlier stage, or of a smaller runOrder. */
function checkArtifacts(stages: readonly Stage[]): void {
  const outputs = stages.flatMap(({ actions }) => actions.flatMap((action) => action.outputs));
  const twice = repeated(outputs);
  if (twice !== undefined) throw invalid(`two actions make the output artifact '${twice}'`);
  const made = new Set<string>();
  for (const { name: stage, actions, beforeEntry, onSuccess, onFailure } of stages) {
    checkRules(stage, beforeEntry, made);
    for (const runOrder of [...new Set(actions.map((action) => action.runOrder))].sort((a, b) => a - b)) {
      const group = actions.filter((action) => action.runOrder === runOrder);
      for (const { name: action, inputs } of group) {
        const missing = inputs.find((input) => !made.has(input));
        if (missing !== undefined)
          throw invalid(`stage ${stage}: input artifact ${missing} of action ${action} is made by no earlier action`);
      }
      for (const output of group.flatMap((action) => action.outputs)) made.add(output);
    }
    checkRules(stage, onSuccess, made);
    checkRules(stage, onFailure?.condition, made);
  }
}

function checkRules(stage: string, condition: Condition | undefined, made: ReadonlySet<string>): void {
  for (const { name: rule, inputs } of condition?.rules ?? []) {
    const missing = inputs.find((input) => !made.has(input));
    if (missing !== undefined)
      throw invalid(`stage ${stage}: input artifact ${missing} of rule ${rule} is made by no earlier action`);
  }
}

const repeated = (names: readonly string[]): string | undefined =>
  names.find((each, index) => names.indexOf(each) !== index);
