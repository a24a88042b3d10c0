import { Fault } from '../../../shared/fault.ts';
import { AwsError } from '../../world/failure.ts';
import type { World } from '../../world/world.ts';
import { ActionFailure } from './actions/action.ts';
import { change } from './change.ts';
import { rules } from './rules/index.ts';
import { sessionFor } from './session.ts';
import {
  type Condition,
  type ConditionRun,
  type ConditionType,
  type Execution,
  executions,
  type Rule,
  type RuleExecution,
  ruleExecutions,
} from './tables.ts';
import { resolveVariables } from './variables.ts';

/** Whether somebody has let an execution past a condition. */
export const isOverridden = ({ conditions }: Execution, stage: string, type: ConditionType): boolean =>
  conditions[`${stage}/${type}`]?.status === 'Overridden';

/** Asks all rules of a condition side by side; true when all hold, or when it was overridden. Source: facts 3.5. */
export async function isMet(
  world: World,
  id: string,
  stage: string,
  type: ConditionType,
  condition: Condition,
): Promise<boolean> {
  const execution = world.store.in(executions).get(id) as Execution;
  if (isOverridden(execution, stage, type)) return true;
  const asked = condition.rules.map((rule) => record(world, execution, stage, type, rule));
  const note = (part: Pick<ConditionRun, 'status' | 'summary'>): void => {
    const { conditions } = world.store.in(executions).get(id) as Execution;
    const run = { ...part, rules: asked.map((each) => each.id), updatedAt: world.clock.now() };
    change(world, id, { conditions: { ...conditions, [`${stage}/${type}`]: run } });
  };
  note({ status: 'InProgress' });
  const answers = await Promise.all(asked.map((each) => ask(world, execution, each)));
  await world.live.close(abandonKey(id));
  const failed = answers.find(({ status }) => status !== 'Succeeded');
  if (failed === undefined) note({ status: 'Succeeded' });
  else
    note({
      status: failed.status === 'Abandoned' ? 'Abandoned' : 'Failed',
      summary: `rule ${failed.rule.name}: ${failed.error?.message ?? failed.status}`,
    });
  return failed === undefined;
}

function record(world: World, execution: Execution, stage: string, type: ConditionType, rule: Rule): RuleExecution {
  const now = world.clock.now();
  const made: RuleExecution = {
    id: world.chance.uuid(),
    executionId: execution.id,
    pipelineArn: execution.pipeline.arn,
    stage,
    type,
    rule,
    status: 'InProgress',
    configuration: rule.configuration,
    startedAt: now,
    updatedAt: now,
  };
  world.store.in(ruleExecutions).put(made.id, made);
  return made;
}

async function ask(world: World, execution: Execution, { id, rule, stage }: RuleExecution): Promise<RuleExecution> {
  const note = (part: Partial<RuleExecution>): RuleExecution =>
    world.store
      .in(ruleExecutions)
      .update(id, (row) => ({ ...row, ...part, updatedAt: world.clock.now() })) as RuleExecution;
  try {
    const configuration = resolveVariables(rule.configuration, execution, `Rule name=${rule.name}`);
    note({ configuration });
    const { principal: session, credentials } = await sessionFor(world, execution, rule.roleArn);
    const provider = rules[rule.provider];
    if (provider === undefined) throw new ActionFailure('ConfigurationError', `rule ${rule.provider} is not played`);
    const summary = await Promise.race([
      inTime(
        world,
        rule,
        provider.ask({ world, execution, ruleExecutionId: id, stage, rule, configuration, session, credentials }),
      ),
      abandonment(world, execution.id),
    ]);
    return summary === abandoned ? note({ status: 'Abandoned' }) : note({ status: 'Succeeded', summary });
  } catch (error) {
    return note({ status: 'Failed', error: reasonOf(error) });
  }
}

/** An answer that does not come within the rule's own time-out is no. */
async function inTime(world: World, { timeoutMinutes }: Rule, answer: Promise<string> | string): Promise<string> {
  if (timeoutMinutes === undefined) return answer;
  let stop = (): void => undefined;
  const late = new Promise<never>((_resolve, reject) => {
    const timer = world.clock.after(timeoutMinutes * 60_000, () =>
      reject(new ActionFailure('JobFailed', `The rule has not answered within ${timeoutMinutes} minutes`)),
    );
    stop = () => timer.cancel();
  });
  return Promise.race([answer, late]).finally(stop);
}

function reasonOf(error: unknown): { code: string; message: string } {
  if (error instanceof ActionFailure) return { code: error.code, message: error.message };
  if (error instanceof AwsError) return { code: error.code, message: `${error.code}: ${error.message}` };
  if (error instanceof Fault) return { code: 'ConfigurationError', message: error.message };
  return { code: 'InternalError', message: error instanceof Error ? error.message : String(error) };
}

const abandoned = Symbol('abandoned');
const abandonKey = (executionId: string): string => `codepipeline/abandon-rules/${executionId}`;

interface Abandonment {
  readonly reached: Promise<typeof abandoned>;
  abandon(): void;
  close(): void;
}

function abandonment(world: World, executionId: string): Promise<typeof abandoned> {
  return world.live.get<Abandonment>(abandonKey(executionId), () => {
    let abandon = (): void => undefined;
    const reached = new Promise<typeof abandoned>((resolve) => {
      abandon = () => resolve(abandoned);
    });
    return { reached, abandon, close: () => undefined };
  }).reached;
}

/** Ends what the rules of an execution wait for. */
export function abandonRules(world: World, executionId: string): void {
  world.live.find<Abandonment>(abandonKey(executionId))?.abandon();
  void world.live.close(abandonKey(executionId));
}
