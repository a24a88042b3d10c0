import { CfnArchive, CfnEventBus, CfnEventBusPolicy } from 'aws-cdk-lib/aws-events';
import { Construct } from 'constructs';
import { branchMergedSource } from '../events/branch-merged.ts';
import { pipelineStateDetailTypes, pipelineStateSource } from '../events/pipeline-state.ts';
import { startDecidedDetailType, startDecidedSource } from '../events/start-decided.ts';
import {
  devopsBusArn,
  devopsBusName,
  environmentPrefix,
  type RoleAddress,
  reporterRole,
  starterRole,
} from '../shared/names.ts';
import type { Environment, Organisation } from '../shared/organisation-schema.ts';

const keptDays = 400;

/** Bus: what is announced goes out from here, and what environments report comes home here. */
export class DevopsBus extends Construct {
  readonly #organisation: Organisation;

  constructor(scope: Construct, id: string, organisation: Organisation) {
    super(scope, id);
    this.#organisation = organisation;
    const bus = new CfnEventBus(this, 'Bus', { name: devopsBusName });
    this.#keepAnnouncements(bus);
    for (const environment of organisation.environments) this.#admitReports(environment, bus);
  }

  #keepAnnouncements(bus: CfnEventBus): void {
    new CfnArchive(this, 'Announced', {
      archiveName: 'mergecast-announced',
      description: 'Every announced merge, for replays and audits',
      sourceArn: bus.attrArn,
      eventPattern: { source: [branchMergedSource] },
      retentionDays: keptDays,
    });
  }

  /** Two statements, because the starter may say only our words and the reporter only AWS's. */
  #admitReports(environment: Environment, bus: CfnEventBus): void {
    const decisions = this.#statement(environment, 'Decisions', starterRole(environment), startDecidedSource, [
      startDecidedDetailType,
    ]);
    const states = this.#statement(
      environment,
      'States',
      reporterRole(environment),
      pipelineStateSource,
      Object.values(pipelineStateDetailTypes),
    );
    for (const statement of [decisions, states]) {
      const sid = statement.Sid;
      new CfnEventBusPolicy(this, `${sid}`, {
        eventBusName: devopsBusName,
        statementId: sid,
        statement,
      }).addResourceDependency(bus);
    }
  }

  #statement(
    { name, account }: Environment,
    what: string,
    role: RoleAddress,
    source: string,
    detailTypes: readonly string[],
  ) {
    const { devops, organisationId } = this.#organisation;
    return {
      Sid: `${environmentPrefix(name)}-${what}`,
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${account}:root` },
      Action: 'events:PutEvents',
      Resource: devopsBusArn(devops),
      Condition: {
        ArnEquals: { 'aws:PrincipalArn': role.arn },
        StringEquals: {
          'events:source': source,
          'events:detail-type': [...detailTypes],
          ...(organisationId === undefined ? {} : { 'aws:PrincipalOrgID': organisationId }),
        },
      },
    };
  }
}
