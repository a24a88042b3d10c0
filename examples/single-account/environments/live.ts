import { pipeline, pipelines } from '../../../workload-account/pipeline-definition.ts';

/** A commit to main is built, its artifact is tested and then deployed to the servers, one after the other. */
export default pipelines(
  pipeline('shop')
    .build()
    .test({ commands: ['sh test/page.sh'], input: 'Build' })
    .deployServers({ tags: { app: 'shop' }, batches: 'one at a time' }),
);
