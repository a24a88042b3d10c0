import { Match } from 'aws-cdk-lib/assertions';
import { expect, test } from 'vitest';
import { pipeline } from '../../../workload-account/pipeline-definition.ts';
import { organisationFile, resourcesOf, synthesized, templateOf } from '../../synthesis.ts';

test('who may approve is a managed policy on this one approval, for the owner to attach', () => {
  templateOf('mergecast-prod').hasResourceProperties('AWS::IAM::ManagedPolicy', {
    ManagedPolicyName: 'orders-prod-Approve-approvers',
    PolicyDocument: {
      Statement: [
        Match.objectLike({
          Action: 'codepipeline:PutApprovalResult',
          Resource: 'arn:aws:codepipeline:eu-west-1:444444444444:orders-prod/Approve/Approve',
        }),
        Match.objectLike({
          Action: [
            'codepipeline:GetPipelineExecution',
            'codepipeline:GetPipelineState',
            'codepipeline:ListPipelineExecutions',
          ],
          Resource: 'arn:aws:codepipeline:eu-west-1:444444444444:orders-prod',
        }),
      ],
    },
  });
});

test('the question names the commit and leads to its page', () => {
  const [pipelineResource] = Object.values(resourcesOf(templateOf('mergecast-prod'), 'AWS::CodePipeline::Pipeline'));

  expect(JSON.stringify(pipelineResource)).toContain(
    'Release orders to production? Commit #{SourceVariables.CommitId} by #{variables.author}: #{variables.title}',
  );
  expect(JSON.stringify(pipelineResource)).toContain(
    'https://eu-west-1.console.aws.amazon.com/codesuite/codecommit/repositories/orders/commit/#{SourceVariables.CommitId}?region=eu-west-1',
  );
});

test('who is to be told gets an e-mail through an encrypted topic, and the approval ends after its days', () => {
  const prod = pipeline('orders').approve('Sure?', { notify: ['ops@example.com'], timeoutDays: 2 });

  const changed = synthesized(organisationFile, { prod }, 'prod').get('mergecast-prod');

  changed?.hasResourceProperties('AWS::SNS::Subscription', { Protocol: 'email', Endpoint: 'ops@example.com' });
  changed?.hasResourceProperties('AWS::SNS::Topic', {
    DisplayName: 'Approvals of orders-prod',
    KmsMasterKeyId: Match.anyValue(),
  });
  changed?.hasResourceProperties('AWS::CodePipeline::Pipeline', {
    Stages: Match.arrayWith([
      Match.objectLike({
        Name: 'Approve',
        Actions: [
          Match.objectLike({
            TimeoutInMinutes: 2880,
            Configuration: Match.objectLike({ NotificationArn: Match.anyValue() }),
          }),
        ],
      }),
    ]),
  });
});
