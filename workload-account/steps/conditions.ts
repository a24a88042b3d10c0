import {
  type Condition,
  type Conditions,
  type FailureConditions,
  Result,
  RetryMode,
} from 'aws-cdk-lib/aws-codepipeline';
import type { StageRule } from './rules.ts';
import type { StepContext } from './step.ts';

/** What holds for a stage beside its actions; each list holds when all of its rules do. */
export interface StageConditions {
  /** The stage fails unless they hold. */
  readonly entry?: readonly StageRule[];
  /** The stage is passed over unless they hold. AWS takes variables and functions here, and not together with `entry`. */
  readonly skippedUnless?: readonly StageRule[];
  /** A stage that went well is rolled back unless they hold. */
  readonly rolledBackUnless?: readonly StageRule[];
  /** What happens to a stage that failed: its failed actions are tried once more, or it goes back to the last execution that went well. */
  readonly onFailure?: 'retry' | 'roll back';
}

/** The conditions as CDK takes them; the rules' names are made from the stage's. */
export function stageConditions(stage: string, conditions: StageConditions, context: StepContext) {
  const { entry = [], skippedUnless = [], rolledBackUnless = [], onFailure } = conditions;
  const made = (rules: readonly StageRule[], place: string, result: Result): Conditions | undefined => {
    if (rules.length === 0) return undefined;
    const condition: Condition = {
      rules: rules.map((rule, index) => rule.make(`${stage}-${place}-${index + 1}`, context)),
      result,
    };
    return { conditions: [condition] };
  };
  const beforeEntry = made(entry, 'entry', Result.FAIL) ?? made(skippedUnless, 'entry', Result.SKIP);
  const onSuccess = made(rolledBackUnless, 'success', Result.ROLLBACK);
  const failure: Record<string, FailureConditions> = {
    retry: { result: Result.RETRY, retryMode: RetryMode.FAILED_ACTIONS },
    'roll back': { result: Result.ROLLBACK },
  };
  return {
    ...(beforeEntry === undefined ? {} : { beforeEntry }),
    ...(onSuccess === undefined ? {} : { onSuccess }),
    ...(onFailure === undefined ? {} : { onFailure: failure[onFailure] as FailureConditions }),
  };
}
