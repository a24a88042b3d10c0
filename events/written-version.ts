import type { HistoryEntry } from '../shared/parameter-store.ts';

/** One version of a parameter, as Parameter Store's GetParameterHistory tells it. */
export interface WrittenVersion {
  readonly value: string;
  /** The ARN of who wrote it: AWS says so, the writer cannot. */
  readonly by: string;
  /** Milliseconds since 1970, by AWS's clock. */
  readonly at: number;
}

/** A version as Parameter Store answered it. */
export const versionOf = ({ Value, LastModifiedUser, LastModifiedDate }: HistoryEntry): WrittenVersion => ({
  value: Value ?? '',
  by: LastModifiedUser ?? '',
  at: (LastModifiedDate ?? 0) * 1000,
});

/**
 * The person behind an ARN: a user's name, or the name of a session, which IAM Identity Center sets to the user's. The same name is the
 * same person, by whichever role they came; null for the root user and for anything else that names nobody.
 */
export function personOf(arn: string): string | null {
  const [, user, session] =
    /^arn:[\w-]+:(?:iam::\d{12}:user\/(?:.*\/)?([^/]+)|sts::\d{12}:assumed-role\/[^/]+\/([^/]+))$/.exec(arn) ?? [];
  return (user ?? session)?.toLowerCase() ?? null;
}

/** An object from JSON, or null for anything else. */
export function objectIn(text: string): object | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : null;
  } catch {
    return null;
  }
}
