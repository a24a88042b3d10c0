import type { Place } from '../../world/service.ts';
import { table } from '../../world/store.ts';

/** A parameter's newest version. */
export interface Parameter extends ParameterVersion {
  /** With a slash in front when it has levels. */
  readonly name: string;
  readonly arn: string;
  readonly account: string;
  readonly region: string;
  readonly tags: Readonly<Record<string, string>>;
  /** Versions before this one, oldest first; at most 99. */
  readonly history: readonly ParameterVersion[];
}

/** What one PutParameter wrote. */
export interface ParameterVersion {
  readonly type: ParameterType;
  readonly value: string;
  /** What a SecureString shows without decryption. */
  readonly sealed?: string;
  /** Id, ARN or alias of the customer key of a SecureString; left out for the account's own key of Systems Manager. */
  readonly keyId?: string;
  readonly description?: string;
  readonly tier: 'Standard' | 'Advanced';
  readonly dataType: string;
  readonly version: number;
  readonly labels: readonly string[];
  /** ARN of who wrote it. */
  readonly modifiedBy: string;
  /** ISO 8601. */
  readonly modifiedAt: string;
}

export type ParameterType = 'String' | 'StringList' | 'SecureString';

/** By ARN. */
export const parameters = table<Parameter>('ssm/parameters');

/** A parameter's ARN: names with a slash in front do not get a second one. */
export const parameterArn = (name: string, { account, region }: Place): string =>
  name.startsWith('arn:')
    ? name
    : `arn:aws:ssm:${region}:${account}:parameter${name.startsWith('/') ? '' : '/'}${name}`;
