import { CfnEventBusPolicy } from 'aws-cdk-lib/aws-events';
import { Construct } from 'constructs';
import { pipelineStateDetailTypes, pipelineStateSource } from '../events/pipeline-state.ts';
import { startDecidedDetailType, startDecidedSource } from '../events/start-decided.ts';
import { Fault } from '../shared/fault.ts';
import { devopsBusArn, devopsBusName, environmentPrefix, reporterRole, starterRole } from '../shared/names.ts';
import type { Environment, Organisation } from '../shared/organisation-schema.ts';

/** AWS's quota for a bus policy. Source: facts 2.4. */
const policyCharactersAtMost = 10_240;

/** A statement of the bus policy. */
interface Statement {
  readonly Sid: string;
  readonly Principal: object | string;
  readonly Condition: object;
  readonly [element: string]: unknown;
}

/**
 * Report, where it arrives: each environment's starter may say our words and its reporter AWS's, and nobody anything else. Who it
 * was is told by the envelope's account, which AWS sets, never by what the event says.
 */
export class StatusIntake extends Construct {
  constructor(scope: Construct, id: string, organisation: Organisation) {
    super(scope, id);
    let previous: CfnEventBusPolicy | undefined;
    for (const statement of statementsOf(organisation)) {
      const policy = new CfnEventBusPolicy(this, statement.Sid, {
        eventBusName: devopsBusName,
        statementId: statement.Sid,
        statement,
      });
      // One after the other: a bus refuses two changes at once (ConcurrentModificationException).
      if (previous !== undefined) policy.addResourceDependency(previous);
      previous = policy;
    }
  }
}

/**
 * Two statements for each environment, as long as the policy has room for them; beyond, two for the roles of that name in the whole
 * organisation. Throws OrganisationInvalid when there is neither room nor an organisation id.
 */
function statementsOf(organisation: Organisation): readonly Statement[] {
  const { environments, organisationId } = organisation;
  const each = environments.flatMap((environment) => statementsOfOne(organisation, environment));
  const characters = JSON.stringify({ Version: '2012-10-17', Statement: each }).length;
  if (characters <= policyCharactersAtMost) return each;
  if (organisationId === undefined)
    throw new Fault(
      'OrganisationInvalid',
      `${environments.length} environments need ${characters} characters of policy on the bus ${devopsBusName}, and AWS takes ${policyCharactersAtMost}`,
      'give organisationId: then the policy names the organisation in place of each environment',
    );
  const anywhere = { account: '*', region: '*', name: '*' };
  return statementsFor(organisation, 'organisation', '*', anywhere);
}

const statementsOfOne = (organisation: Organisation, environment: Environment) =>
  statementsFor(
    organisation,
    environmentPrefix(environment.name),
    { AWS: `arn:aws:iam::${environment.account}:root` },
    environment,
  );

/** The starter may say only our words and the reporter only AWS's. */
function statementsFor(
  organisation: Organisation,
  sid: string,
  principal: Statement['Principal'],
  from: { readonly account: string; readonly region: string; readonly name: string },
): readonly Statement[] {
  const { devops, organisationId } = organisation;
  const statement = (what: string, role: string, source: string, detailTypes: readonly string[]) => ({
    Sid: `${sid}-${what}`,
    Effect: 'Allow',
    Principal: principal,
    Action: 'events:PutEvents',
    Resource: devopsBusArn(devops),
    Condition: {
      [role.includes('*') ? 'ArnLike' : 'ArnEquals']: { 'aws:PrincipalArn': role },
      StringEquals: {
        'events:source': source,
        'events:detail-type': detailTypes,
        ...(organisationId === undefined ? {} : { 'aws:PrincipalOrgID': organisationId }),
      },
    },
  });
  return [
    statement('Decisions', starterRole(from).arn, startDecidedSource, [startDecidedDetailType]),
    statement('States', reporterRole(from).arn, pipelineStateSource, Object.values(pipelineStateDetailTypes)),
  ];
}
