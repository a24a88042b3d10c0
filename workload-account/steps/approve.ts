import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { ManualApprovalAction } from 'aws-cdk-lib/aws-codepipeline-actions';
import { ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { executionVariables, pipelineArn } from '../../shared/names.ts';
import type { Step, StepContext } from './step.ts';

/** How an approval asks. */
export interface ApproveOptions {
  /** The stage's name. @default 'Approve' */
  readonly stage?: string;
  /** Who is told by e-mail that an execution waits. @default - nobody */
  readonly notify?: readonly string[];
  /** How long it waits before it counts as rejected, in days. @default 7 */
  readonly timeoutDays?: number;
}

/** With the commit, who wrote it, and its title, as {@link executionVariables} hold them. */
const asked = (question: string): string =>
  `${question} Commit #{SourceVariables.CommitId} by #{variables.${executionVariables.author}}: #{variables.${executionVariables.title}}`;

/** What CodePipeline takes (1,000 characters), without the commit's id, author and title. */
const longestQuestion = 600;

/** Where the commit's page is in the console; its id stands in the source action's variables. */
const commitPage = ({ repository, environment: { region } }: StepContext): string =>
  `https://${region}.console.aws.amazon.com/codesuite/codecommit/repositories/${repository}/commit/#{SourceVariables.CommitId}?region=${region}`;

/**
 * Approve: the execution waits until somebody says yes or no. Who may say so is whoever has the managed policy
 * `<pipeline>-<stage>-approvers`, which the stack makes for the owner to attach, and the account's administrators.
 */
export function approve(question: string, { stage = 'Approve', notify = [], timeoutDays = 7 }: ApproveOptions): Step {
  return {
    stage,
    mistakes:
      question.length > longestQuestion
        ? [
            `approve() asks ${question.length} characters: CodePipeline shows ${longestQuestion} beside the commit; say it shorter`,
          ]
        : [],
    make: (context) => {
      makeApproversPolicy(context, stage);
      const action = new ManualApprovalAction({
        actionName: stage,
        additionalInformation: asked(question),
        externalEntityLink: commitPage(context),
        timeout: Duration.days(timeoutDays),
        ...(notify.length === 0 ? {} : { notificationTopic: makeTopic(context, notify) }),
      });
      return { actions: [action] };
    },
  };
}

function makeApproversPolicy(context: StepContext, action: string): void {
  const { scope, environment, pipelineName, stage } = context;
  const arn = pipelineArn(environment, pipelineName);
  new ManagedPolicy(scope, 'Approvers', {
    managedPolicyName: `${pipelineName}-${action}-approvers`,
    description: `Who has this may answer ${action} of pipeline ${pipelineName}, and see what it asks about`,
    statements: [
      new PolicyStatement({
        sid: 'Answer',
        actions: ['codepipeline:PutApprovalResult'],
        resources: [`${arn}/${stage}/${action}`],
      }),
      new PolicyStatement({
        sid: 'Look',
        actions: [
          'codepipeline:GetPipelineState',
          'codepipeline:GetPipelineExecution',
          'codepipeline:ListPipelineExecutions',
        ],
        resources: [arn],
      }),
    ],
  });
}

/** Encrypted with the artifacts' key, which the publishing pipeline may use already. */
function makeTopic({ scope, key, pipelineName }: StepContext, notify: readonly string[]): Topic {
  const topic = new Topic(scope, 'Notice', {
    displayName: `Approvals of ${pipelineName}`,
    masterKey: key,
    enforceSSL: true,
  });
  topic.applyRemovalPolicy(RemovalPolicy.DESTROY);
  for (const address of notify) topic.addSubscription(new EmailSubscription(address));
  return topic;
}
