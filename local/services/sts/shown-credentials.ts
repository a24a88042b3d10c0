import type { Credentials } from '../../world/credentials.ts';

/** Temporary credentials as STS answers them. */
export const shownCredentials = (issued: Credentials) => ({
  AccessKeyId: issued.accessKeyId,
  SecretAccessKey: issued.secretAccessKey,
  SessionToken: issued.sessionToken,
  Expiration: new Date(issued.expiresAt ?? 0),
});
