import { pipeline, pipelines } from '../pipeline-definition.ts';

/** Continuous deployment: no hand touches a merge on its way. */
export default pipelines(pipeline('orders').build().deployStack());
