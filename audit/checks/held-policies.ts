import type { Cloud, CloudResource } from '../cloud/cloud.ts';
import { listIn } from '../cloud/values.ts';

/** Tells the policies that somebody has: a managed policy that no role of the templates has gives nobody anything, as it is a boundary, or for people to be given. */
export function heldIn(cloud: Cloud): (written: CloudResource) => boolean {
  const attached = new Set(
    cloud.ofType('AWS::IAM::Role').flatMap(({ properties }) => listIn(properties['ManagedPolicyArns'])),
  );
  return ({ type, arn, properties }) =>
    type !== 'AWS::IAM::ManagedPolicy' ||
    attached.has(arn) ||
    ['Roles', 'Users', 'Groups'].some((holders) => listIn(properties[holders]).length > 0);
}
