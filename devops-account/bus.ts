import { CfnArchive, CfnEventBus } from 'aws-cdk-lib/aws-events';
import { Construct } from 'constructs';
import { branchMergedSource } from '../events/branch-merged.ts';
import { devopsBusName } from '../shared/names.ts';

/** Longer than an audit's year. */
const keptDays = 400;

/** Bus: what is announced goes out from here, and what environments report comes home here. */
export class DevopsBus extends Construct {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    const bus = new CfnEventBus(this, 'Bus', { name: devopsBusName });
    new CfnArchive(this, 'Announced', {
      archiveName: 'mergecast-announced',
      description: 'Every announced merge, for replays and audits',
      sourceArn: bus.attrArn,
      eventPattern: { source: [branchMergedSource] },
      retentionDays: keptDays,
    });
  }
}
