/** A build that takes no time. */
export const quickBuildspec =
  'version: 0.2\nphases:\n  build:\n    commands:\n      - echo built\nartifacts:\n  files: [template.yaml]\n';

/** A stack that takes no time. */
export const quickTemplate = `Parameters:
  Stage: { Type: String }
  CodeBucket: { Type: String }
  CodeKey: { Type: String }
Resources:
  Logs:
    Type: AWS::Logs::LogGroup
    Properties: { LogGroupName: !Sub '/aws/lambda/orders-\${Stage}', RetentionInDays: 7 }
`;
