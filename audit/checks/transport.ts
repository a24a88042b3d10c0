import type { Permissions } from '../cloud/permissions.ts';

/** Whether a resource's policy denies everybody all of a service's calls without TLS. */
export const refusesPlainText = (arn: string, actions: readonly string[], permissions: Permissions): boolean =>
  permissions
    .policiesOn(arn)
    .some(({ policy }) =>
      policy.document.statements.some(
        ({ effect, principals, actions: denied = [], conditions }) =>
          effect === 'Deny' &&
          principals?.anyone === true &&
          actions.some((action) => denied.some((each) => each.toLowerCase() === action)) &&
          conditions.length === 1 &&
          conditions.every(
            ({ operator, key, values }) =>
              operator === 'Bool' && key.toLowerCase() === 'aws:securetransport' && values.join() === 'false',
          ),
      ),
    );
