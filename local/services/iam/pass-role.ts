import type { Access } from '../../world/service.ts';

/** The question whether the caller may hand a role to a service: asked wherever an API call names a role for later use. */
export const passRole = (roleArn: string, service: string): Access => ({
  action: 'iam:PassRole',
  resource: roleArn,
  owner: roleArn.split(':')[4] ?? '',
  context: { 'iam:PassedToService': service },
});
