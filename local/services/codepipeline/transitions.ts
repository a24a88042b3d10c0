import { z } from 'zod';
import { principalName } from '../../world/principal.ts';
import { type Call, operation } from '../../world/service.ts';
import { changeDoor, openDoor } from './doors.ts';
import { admitNext } from './engine.ts';
import { findPipeline, findStage, type Pipeline, pipelineAccess } from './tables.ts';

const simplified = 'The outbound transition of a stage is the inbound one of the next, and the last stage has none.';
const transition = z.object({
  pipelineName: z.string(),
  stageName: z.string(),
  transitionType: z.enum(['Inbound', 'Outbound']),
});

/** Shuts the door in front of a stage or behind it; who comes waits. */
export const disableStageTransition = operation({
  simplified,
  input: transition.extend({ reason: z.string().regex(/^[a-zA-Z0-9!@ ().*?-]{1,300}$/) }),
  access: ({ pipelineName, stageName }, call) => [
    pipelineAccess('DisableStageTransition', pipelineName, call, `/${stageName}`),
  ],
  run: ({ reason, ...wanted }, call) => {
    const { pipeline, stage } = doorMeant(call, wanted);
    if (stage !== undefined)
      changeDoor(call.world, pipeline, stage, {
        disabled: { reason, by: principalName(call.caller), at: call.world.clock.now() },
      });
    return {};
  },
});

/** Opens it again, and lets in who waits. */
export const enableStageTransition = operation({
  simplified,
  input: transition,
  access: ({ pipelineName, stageName }, call) => [
    pipelineAccess('EnableStageTransition', pipelineName, call, `/${stageName}`),
  ],
  run: (wanted, call) => {
    const { pipeline, stage } = doorMeant(call, wanted);
    if (stage === undefined) return {};
    openDoor(call.world, pipeline, stage);
    admitNext(call.world, pipeline, stage);
    return {};
  },
});

/** The stage in front of which the door is. Throws PipelineNotFoundException, StageNotFoundException. */
function doorMeant(
  call: Call,
  { pipelineName, stageName, transitionType }: z.output<typeof transition>,
): { pipeline: Pipeline; stage: string | undefined } {
  const pipeline = findPipeline(call.world, pipelineName, call);
  const at = pipeline.stages.indexOf(findStage(pipeline, stageName));
  return { pipeline, stage: pipeline.stages[transitionType === 'Inbound' ? at : at + 1]?.name };
}
