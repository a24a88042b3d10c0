import type { Statement } from '../../languages/iam-policy/types.ts';
import { globMatches, globOf } from '../../languages/iam-policy/wildcard.ts';
import { type Cloud, type CloudResource } from '../cloud/cloud.ts';
import { accountOf, type Permissions } from '../cloud/permissions.ts';
import { listIn, objectIn, textIn } from '../cloud/values.ts';
import { anyText, exactly, type Texts } from './texts.ts';

/** The property that holds the role of what a rule can set to work. Step Functions and CodeBuild act as functions do. */
export const actorRoles: Readonly<Record<string, string>> = {
  'AWS::Lambda::Function': 'Role',
  'AWS::StepFunctions::StateMachine': 'RoleArn',
  'AWS::CodeBuild::Project': 'ServiceRole',
};

/** The role that an actor acts as; undefined for what is none. */
export function roleOf(resource: CloudResource): string | undefined {
  const property = actorRoles[resource.type];
  return property === undefined ? undefined : textIn(resource.properties[property]);
}

/** Events that a role may put on a bus. */
export interface Emission {
  readonly bus: string;
  readonly source: Texts;
  readonly detailType: Texts;
}

/** What a role may put on which buses, by its own policies. */
export function emissionsOf(role: string, cloud: Cloud, permissions: Permissions): readonly Emission[] {
  return allowing(role, 'events:PutEvents', permissions).flatMap((statement) => {
    const [source, detailType] = ['events:source', 'events:detail-type'].map((key) => askedBy(statement, key));
    return targets(statement, cloud, 'AWS::Events::EventBus').map((bus) => ({
      bus,
      source: source ?? anyText,
      detailType: detailType ?? anyText,
    }));
  });
}

/** The pipelines that a role may start, and what lets it. Only those of its account: pipelines have no policies of their own. */
export function startable(
  role: string,
  cloud: Cloud,
  permissions: Permissions,
): readonly { pipeline: CloudResource; by: string }[] {
  const found = new Map<string, { pipeline: CloudResource; by: string }>();
  for (const statement of allowing(role, startAction, permissions))
    for (const arn of targets(statement, cloud, 'AWS::CodePipeline::Pipeline')) {
      const pipeline = cloud.at(arn);
      if (pipeline === undefined || pipeline.account !== accountOf(role) || found.has(arn)) continue;
      const decision = permissions.may(role, startAction, arn);
      if (decision.allowed) found.set(arn, { pipeline, by: decision.explanation });
    }
  return [...found.values()];
}

/** The right to start a pipeline. */
export const startAction = 'codepipeline:StartPipelineExecution';

function allowing(role: string, action: string, permissions: Permissions): readonly Statement[] {
  const asked = action.toLowerCase();
  return permissions
    .identityOf(role)
    .flatMap(({ document }) => document.statements)
    .filter(
      ({ effect, actions, notActions }) =>
        effect === 'Allow' &&
        (actions ? covers(actions, asked) : notActions !== undefined && !covers(notActions, asked)),
    );
}

const covers = (patterns: readonly string[], action: string): boolean =>
  patterns.some((pattern) => globMatches(globOf(pattern.toLowerCase()), action));

/** ARNs as they are written, and those of the cloud that a pattern with wildcards covers. */
function targets({ resources = ['*'] }: Statement, cloud: Cloud, type: string): readonly string[] {
  return resources.flatMap((resource) => {
    if (!/[*?]/.test(resource)) return [resource];
    const glob = globOf(resource);
    return cloud.ofType(type).flatMap(({ arn }) => (globMatches(glob, arn) ? [arn] : []));
  });
}

/** The texts that a statement's condition asks of a key. */
function askedBy({ conditions }: Statement, key: string): Texts | undefined {
  const condition = conditions.find(
    (each) => each.key.toLowerCase() === key && each.operator.startsWith('StringEquals'),
  );
  return condition && exactly(...condition.values);
}

/** A source action of a pipeline that follows a branch. */
export interface FollowedBranch {
  readonly repository: string;
  readonly branch: string;
  /** Whether CodePipeline looks for itself: its default. */
  readonly polls: boolean;
}

/** The branches that a pipeline's source actions follow. */
export function followedBy({ properties }: CloudResource): readonly FollowedBranch[] {
  return listIn(properties['Stages'])
    .flatMap((stage) => listIn(objectIn(stage)['Actions']).map(objectIn))
    .filter(({ ActionTypeId }) => {
      const { Category, Provider } = objectIn(ActionTypeId);
      return Category === 'Source' && Provider === 'CodeCommit';
    })
    .map(({ Configuration }) => {
      const { RepositoryName, BranchName, PollForSourceChanges } = objectIn(Configuration);
      return {
        repository: textIn(RepositoryName) ?? '',
        branch: textIn(BranchName) ?? '',
        polls: PollForSourceChanges !== false && PollForSourceChanges !== 'false',
      };
    });
}
