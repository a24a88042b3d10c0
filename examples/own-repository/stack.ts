import { RemovalPolicy } from 'aws-cdk-lib';
import { BlockPublicAccess, Bucket } from 'aws-cdk-lib/aws-s3';
// In a repository of your own these are 'mergecast/organisation.ts', 'mergecast/workload-account/own-app.ts' and so on.
import organisation from '../../organisation.ts';
import { ownApp } from '../../workload-account/own-app.ts';
import { pipeline, pipelines } from '../../workload-account/pipeline-definition.ts';

const site = 'orders-prod-site';

/** Production, as its owner keeps it in a repository of their own: the pipeline, and beside it the bucket that it lays the site into. */
export function production(outdir?: string) {
  const { app, stack } = ownApp({
    organisation,
    environment: 'prod',
    pipelines: pipelines(
      pipeline('orders').mode('QUEUED').build().approve('Release orders to production?').deploySite(site),
    ),
    ...(outdir === undefined ? {} : { outdir }),
  });
  new Bucket(stack, 'Site', {
    bucketName: site,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    enforceSSL: true,
    removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
  });
  return app;
}
