import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import type { Parameter } from './tables.ts';

/** A filter as ParameterFilters has it. */
export interface ParameterFilter {
  readonly Key: string;
  readonly Option?: string | undefined;
  readonly Values: readonly string[];
}

/** ParameterFilters with these keys, or `tag:` and a key. Throws InvalidFilterKey. */
export const parameterFilters = (keys: readonly string[]) =>
  z
    .array(
      z.object({ Key: z.string(), Option: z.string().optional(), Values: z.array(z.string()).max(50).default([]) }),
    )
    .default([])
    .transform((filters) => {
      const unknown = filters.find(
        ({ Key }) => !keys.includes(Key) && !(keys.includes('tag:') && Key.startsWith('tag:')),
      );
      if (unknown !== undefined)
        throw new AwsError(
          'InvalidFilterKey',
          `The following filter key is not valid: ${unknown.Key}. Valid filter keys include: [${keys.join(', ')}].`,
        );
      return filters;
    });

/** Whether a parameter has one of a filter's values. Throws InvalidFilterOption. */
export function passes(parameter: Parameter, { Key, Option, Values }: ParameterFilter): boolean {
  if (Key === 'Path') return Values.some((path) => isBelow(parameter.name, path, Option ?? 'OneLevel'));
  const texts = textsOf(parameter, Key);
  if (Values.length === 0) return texts.length > 0;
  switch (Option ?? 'Equals') {
    case 'Equals':
      return texts.some((text) => Values.includes(text));
    case 'BeginsWith':
      return texts.some((text) => Values.some((value) => text.startsWith(value)));
    case 'Contains':
      return texts.some((text) => Values.some((value) => text.includes(value)));
    default:
      throw new AwsError(
        'InvalidFilterOption',
        `The following filter option is not valid: ${Option}. Valid options include: [BeginsWith, Contains, Equals].`,
      );
  }
}

function textsOf(parameter: Parameter, key: string): readonly string[] {
  if (key.startsWith('tag:')) {
    const value = parameter.tags[key.slice(4)];
    return value === undefined ? [] : [value];
  }
  switch (key) {
    case 'Name':
      return [parameter.name];
    case 'Type':
      return [parameter.type];
    case 'KeyId':
      return parameter.type === 'SecureString' ? [parameter.keyId ?? 'alias/aws/ssm'] : [];
    case 'Tier':
      return [parameter.tier];
    case 'DataType':
      return [parameter.dataType];
    default:
      return parameter.labels;
  }
}

function isBelow(name: string, path: string, option: string): boolean {
  const start = path.endsWith('/') ? path : `${path}/`;
  if (option !== 'OneLevel' && option !== 'Recursive')
    throw new AwsError(
      'InvalidFilterOption',
      `The following filter option is not valid: ${option}. Valid options include: [OneLevel, Recursive].`,
    );
  return name.startsWith(start) && (option === 'Recursive' || !name.slice(start.length).includes('/'));
}
