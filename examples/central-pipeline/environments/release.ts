import { pipeline, pipelines } from '../../../workload-account/pipeline-definition.ts';
import { production, staging } from '../targets.ts';

/** Each merge is built and tested once; what was built goes to staging and, when that went well, the same goes to production. */
export default pipelines(
  // CodePipeline's CloudFormation action takes on a role in the other account.
  pipeline('orders')
    .mode('QUEUED')
    .build()
    .test({ commands: ['test -s template.yaml'], input: 'Build' })
    .deployStack({ stage: 'Staging', at: staging })
    .deployStack({ stage: 'Production', at: production }),

  // A CodeBuild project takes on the same role and runs the deployment itself.
  pipeline('invoices')
    .mode('QUEUED')
    .build()
    .test({ commands: ['test -s template.yaml'], input: 'Build' })
    .deployStack({ stage: 'Staging', at: staging, by: 'CodeBuild' })
    .deployStack({ stage: 'Production', at: production, by: 'CodeBuild' }),
);
