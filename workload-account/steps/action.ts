import type { IAction } from 'aws-cdk-lib/aws-codepipeline';
import type { Step, StepContext } from './step.ts';

/**
 * Any other action of CDK's, as a stage. It is made by a function, for it gets the environment, the artifacts and a construct of its own:
 * `action('Scan', ({ built }) => new InspectorSourceCodeScanAction({ actionName: 'Scan', input: built, … }))`.
 */
export const action = (stage: string, make: (context: StepContext) => IAction): Step => ({
  stage,
  make: (context) => ({ actions: [make(context)] }),
});
