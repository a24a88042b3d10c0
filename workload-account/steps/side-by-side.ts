import { Construct } from 'constructs';
import { makeStep, type Step } from './step.ts';

/**
 * Several steps as one stage, whose actions run at the same time. What the first of them builds is what later steps build on. Inside,
 * each step's own stage name is the name of its action.
 */
export function sideBySide(stage: string, ...steps: readonly Step[]): Step {
  return {
    stage,
    inner: steps,
    make: (context) => {
      const made = steps.map((step) => makeStep(step, { ...context, scope: new Construct(context.scope, step.stage) }));
      const [built, ...others] = made.flatMap((each) => each.built ?? []);
      return { actions: made.flatMap(({ actions }) => actions), others, ...(built === undefined ? {} : { built }) };
    },
  };
}
