import type { Place } from '../../world/service.ts';
import { table } from '../../world/store.ts';

/** A parameter's newest version. */
export interface Parameter {
  readonly name: string;
  readonly arn: string;
  readonly type: 'String' | 'StringList' | 'SecureString';
  readonly value: string;
  readonly version: number;
  /** ISO 8601. */
  readonly modifiedAt: string;
}

/** By ARN. */
export const parameters = table<Parameter>('ssm/parameters');

/** A parameter's ARN: names with a slash in front do not get a second one. */
export const parameterArn = (name: string, { account, region }: Place): string =>
  name.startsWith('arn:')
    ? name
    : `arn:aws:ssm:${region}:${account}:parameter${name.startsWith('/') ? '' : '/'}${name}`;
