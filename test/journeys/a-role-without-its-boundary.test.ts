import { expect, test } from 'vitest';
import { playing } from './playing.ts';
import { quickTemplate } from './quick-service.ts';

test('who merges cannot deploy a role that may do more than the boundary of the environment', async () => {
  const flow = await playing();
  const template = `${quickTemplate}  Escaping:
    Type: AWS::IAM::Role
    Properties:
      Path: /orders/
      AssumeRolePolicyDocument:
        Statement: [{ Effect: Allow, Principal: { Service: lambda.amazonaws.com }, Action: sts:AssumeRole }]
      Policies:
        - PolicyName: Everything
          PolicyDocument: { Statement: [{ Effect: Allow, Action: '*', Resource: '*' }] }
`;

  const commitId = await flow.merge('dev', 'template.yaml', template);
  const { status } = await flow.arrived('dev', commitId);

  expect(status).toBe('Failed');
  expect(flow.refusals().join()).toContain('iam:CreateRole');
});
