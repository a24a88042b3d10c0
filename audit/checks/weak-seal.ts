import type { Permissions } from '../cloud/permissions.ts';
import { isTrue, objectIn } from '../cloud/values.ts';
import type { Check, Verdict } from './check.ts';

/** A bucket under Object Lock where a lock can be lifted or a write hide what is there, or a signing key that more than one role signs with. */
export const weakSeal: Check = ({ cloud, permissions }) => [
  ...cloud
    .ofType('AWS::S3::Bucket')
    .filter(({ properties }) => isTrue(properties['ObjectLockEnabled']))
    .flatMap((resource): readonly Verdict[] => {
      const lock = objectIn(resource.properties['ObjectLockConfiguration']);
      const { Mode } = objectIn(objectIn(lock['Rule'])['DefaultRetention']);
      const overwrites = denies(resource.arn, permissions, 's3:putobject', 'Null', 's3:if-none-match', /^true$/);
      return [
        ...(Mode === 'COMPLIANCE'
          ? []
          : [
              {
                resource,
                problem: 'what is written is not locked, or some may lift the lock',
                value: Mode,
                mend: 'set a default retention in mode COMPLIANCE',
              },
            ]),
        ...(overwrites
          ? []
          : [
              {
                resource,
                problem: 'a later version can hide what was sealed',
                value: undefined,
                mend: 'deny s3:PutObject to all when s3:if-none-match is missing',
              },
            ]),
      ];
    }),
  ...cloud
    .ofType('AWS::KMS::Key')
    .filter(({ properties }) => properties['KeyUsage'] === 'SIGN_VERIFY')
    .filter(({ arn }) => !denies(arn, permissions, 'kms:sign', 'ArnNotEquals', 'aws:principalarn', /^[^*?]+$/))
    .map((resource) => ({
      resource,
      problem: 'more than one role may sign with this key',
      value: undefined,
      mend: 'deny kms:Sign to all but the one role (ArnNotEquals aws:PrincipalArn)',
    })),
];

/** Whether a resource's policy denies everybody an action under one condition alone, of one value. */
const denies = (
  arn: string,
  permissions: Permissions,
  action: string,
  operator: string,
  key: string,
  value: RegExp,
): boolean =>
  permissions
    .policiesOn(arn)
    .some(({ policy }) =>
      policy.document.statements.some(
        ({ effect, principals, actions = [], conditions }) =>
          effect === 'Deny' &&
          principals?.anyone === true &&
          actions.some((each) => each.toLowerCase() === action) &&
          conditions.length === 1 &&
          conditions.every(
            (each) =>
              each.operator === operator &&
              each.key.toLowerCase() === key &&
              each.values.length === 1 &&
              value.test(String(each.values[0])),
          ),
      ),
    );
