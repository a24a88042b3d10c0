import { pipeline, pipelines } from '../pipeline-definition.ts';

/** Continuous delivery: every merge is built, and a person's approval releases it. */
export default pipelines(
  pipeline('orders').mode('QUEUED').build().approve('Release orders to production?').deployStack(),
);
