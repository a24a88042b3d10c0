import type { CloudResource } from '../cloud/cloud.ts';
import { placeText } from '../principals/held.ts';
import type { Principals } from '../principals/principals.ts';
import { startAction } from '../routes/actors.ts';
import type { Step } from './backwards.ts';
import type { Templates } from './templates.ts';

/** Who can start a pipeline, and who could make it so that they can. */
export interface Starters {
  readonly pipeline: string;
  /** 12 digits. */
  readonly account: string;
  readonly arn: string;
  readonly stack: string;
  readonly starters: readonly Step[];
  readonly changers: readonly Changer[];
  /** Accounts whose administrators, and whoever deploys their stacks, can change any of it. */
  readonly administrators: readonly string[];
}

/** Somebody who could change what decides who can start. */
export interface Changer {
  readonly who: string;
  readonly actions: readonly string[];
  /** ARN. */
  readonly on: string;
  readonly by: readonly string[];
}

/** What makes a pipeline start, or run again what it ran. */
const starting = [startAction, 'codepipeline:RollbackStage', 'codepipeline:RetryStageExecution'];

const events = (names: readonly string[]): readonly string[] => names.map((name) => `events:${name}`);

/** What changes who can start, by the kind of ARN. */
const changing: readonly (readonly [RegExp, readonly string[]])[] = [
  [/:events:.*:rule\//, events(['PutRule', 'PutTargets', 'RemoveTargets', 'EnableRule', 'DisableRule', 'DeleteRule'])],
  [/:events:.*:event-bus\//, events(['PutPermission', 'RemovePermission', 'DeleteEventBus', 'UpdateEventBus'])],
  [
    /:lambda:/,
    ['UpdateFunctionCode', 'UpdateFunctionConfiguration', 'AddPermission', 'DeleteFunction'].map(
      (name) => `lambda:${name}`,
    ),
  ],
  [
    /:iam:.*:role\//,
    ['PutRolePolicy', 'AttachRolePolicy', 'UpdateAssumeRolePolicy', 'PassRole'].map((name) => `iam:${name}`),
  ],
  [/:scheduler:/, ['scheduler:UpdateSchedule', 'scheduler:DeleteSchedule']],
  [
    /:codepipeline:/,
    ['codepipeline:UpdatePipeline', 'codepipeline:DeletePipeline', 'codepipeline:EnableStageTransition'],
  ],
];

/** Every principal and event that can start a pipeline, by which statements; and who could change the rules, policies and functions on the way. */
export function whoCanStart(
  pipeline: CloudResource,
  { principals, backwards }: Pick<Templates, 'principals' | 'backwards'>,
): Starters {
  const starters = backwards.starting(pipeline, undefined, starting);
  const involved = [...new Set([pipeline.arn, ...arnsIn(starters)])];
  return {
    pipeline: pipeline.name,
    ...{ account: pipeline.account, arn: pipeline.arn, stack: pipeline.stack },
    starters,
    changers: involved.flatMap((arn) => changersOf(arn, principals)),
    administrators: [...new Set(involved.map((arn) => arn.split(':')[4] ?? ''))].filter((each) => each !== '').sort(),
  };
}

const arnsIn = (steps: readonly Step[]): readonly string[] =>
  steps.flatMap(({ who, through }) => [...(/^arn:\S+$/.test(who) ? [who] : []), ...arnsIn(through)]);

function changersOf(arn: string, principals: Principals): readonly Changer[] {
  const actions = changing.find(([kind]) => kind.test(arn))?.[1] ?? [];
  const found = new Map<string, { actions: string[]; by: Set<string> }>();
  for (const action of actions)
    for (const { person, by } of principals.doing(action, arn)) {
      const known = found.get(person.name) ?? { actions: [], by: new Set<string>() };
      found.set(person.name, known);
      if (!known.actions.includes(action)) known.actions.push(action);
      for (const place of by) known.by.add(placeText(place));
    }
  return [...found].map(([who, { actions: able, by }]) => ({ who, actions: able, on: arn, by: [...by] }));
}
