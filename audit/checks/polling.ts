import { followedBy } from '../routes/actors.ts';
import type { Check } from './check.ts';

/** A source action that looks for changes itself starts its pipeline past every decision; it does so unless told not to. */
export const polling: Check = ({ cloud }) =>
  cloud.ofType('AWS::CodePipeline::Pipeline').flatMap((resource) =>
    followedBy(resource)
      .filter(({ polls }) => polls)
      .map(({ repository, branch }) => ({
        resource,
        problem: `the pipeline polls ${branch} of ${repository}`,
        value: undefined,
        mend: 'set PollForSourceChanges to false',
      })),
  );
