import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * Says why findings of the AwsSolutions pack of cdk-nag are right as they are, each by its exact name, such as `SQS3` or `IAM5[Action::s3:List*]`.
 * A finding without a reason fails a test.
 */
export function acknowledge(construct: IConstruct, reason: string, findings: readonly string[]): void {
  Validations.of(construct).acknowledge(...findings.map((finding) => ({ id: `AwsSolutions-${finding}`, reason })));
}

/** The findings that actions and resources with a star lead to. */
export const openEnds = (actions: readonly string[], resources: readonly string[]): readonly string[] => [
  ...actions.filter((action) => action.includes('*')).map((action) => `IAM5[Action::${action}]`),
  ...resources.filter((resource) => resource.includes('*')).map((resource) => `IAM5[Resource::${resource}]`),
];
