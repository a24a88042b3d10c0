import type { Closable } from '../../../world/live.ts';
import type { World } from '../../../world/world.ts';
import { acting } from '../acting.ts';
import { type ActionContext, ActionFailure, type ActionResult, type Provider } from './action.ts';

/** An answer to an approval. */
export interface Answer {
  readonly approved: boolean;
  readonly summary: string;
  readonly by: string;
}

interface Pending extends Closable {
  answer(answer: Answer): void;
}

const keyOf = (token: string): string => `codepipeline/approval/${token}`;
const defaultTimeoutMinutes = 7 * 24 * 60;

/** Approval/Manual: waits for PutApprovalResult, at most seven days or the action's own time-out. */
export const manualApproval: Provider = {
  required: [],
  optional: ['CustomData', 'ExternalEntityLink', 'NotificationArn'],
  run: async (context) => {
    const { world, action, note } = context;
    const token = world.chance.uuid();
    const parallel = context.execution.pipeline.executionMode === 'PARALLEL';
    note({
      token,
      summary: context.configuration['CustomData'] ?? '',
      ...(parallel ? { externalId: token } : {}),
    });
    await notify(context, token);
    const minutes = action.timeoutMinutes ?? defaultTimeoutMinutes;
    const answer = await new Promise<Answer | undefined>((resolve) => {
      const timer = world.clock.after(minutes * 60_000, () => resolve(undefined));
      world.live.get(keyOf(token), (): Pending => ({ close: () => timer.cancel(), answer: resolve }));
    });
    await world.live.close(keyOf(token));
    if (answer !== undefined) note({ by: answer.by });
    return result(answer, minutes);
  },
};

function result(answer: Answer | undefined, minutes: number): ActionResult {
  if (answer === undefined)
    throw new ActionFailure('JobFailed', `The approval was not answered within ${minutes} minutes`);
  if (!answer.approved) throw new ActionFailure('JobFailed', `Rejected by ${answer.by}: ${answer.summary}`);
  return { summary: `Approved by ${answer.by}: ${answer.summary}` };
}

async function notify(context: ActionContext, token: string): Promise<void> {
  const { execution, configuration, stage, action } = context;
  const topic = configuration['NotificationArn'];
  if (topic === undefined) return;
  const { pipeline } = execution;
  const message = {
    region: pipeline.region,
    approval: {
      pipelineName: pipeline.name,
      stageName: stage,
      actionName: action.name,
      token,
      customData: configuration['CustomData'],
    },
  };
  const input = {
    TopicArn: topic,
    Subject: `APPROVAL NEEDED: AWS CodePipeline ${pipeline.name}`.slice(0, 100),
    Message: JSON.stringify(message),
  };
  const ask = acting(context, 'sns');
  await ask('Publish', input);
}

/** Answers an approval that waits; false when nothing waits under that token. */
export function answerApproval(world: World, token: string, answer: Answer): boolean {
  const pending = world.live.find<Pending>(keyOf(token));
  pending?.answer(answer);
  return pending !== undefined;
}
