import { z } from 'zod';
import { operation } from '../../world/service.ts';
import { pageOf } from '../page.ts';
import { parameterFilters, passes } from './filters.ts';
import { parameterAccess, requireParameter } from './find.ts';
import { decryption, valueOf } from './get-parameters.ts';
import { type ParameterVersion, parameterArn, parameters } from './tables.ts';

const paged = { MaxResults: z.number().int().min(1).max(50).default(50), NextToken: z.string().optional() };

const metadata = (name: string, version: ParameterVersion) => ({
  Name: name,
  Type: version.type,
  ...(version.type === 'SecureString' ? { KeyId: version.keyId ?? 'alias/aws/ssm' } : {}),
  LastModifiedDate: new Date(version.modifiedAt),
  LastModifiedUser: version.modifiedBy,
  ...(version.description === undefined ? {} : { Description: version.description }),
  Version: version.version,
  Tier: version.tier,
  Policies: [],
  DataType: version.dataType,
});

/** Parameters without their values. */
export const describeParameters = operation({
  input: z.object({
    Filters: z
      .array(z.object({ Key: z.enum(['Name', 'Type', 'KeyId']), Values: z.array(z.string()).min(1) }))
      .default([]),
    ParameterFilters: parameterFilters(['Name', 'Path', 'Type', 'KeyId', 'Tier', 'DataType', 'Label', 'tag:']),
    ...paged,
  }),
  access: (_input, { account, region }) => [
    { action: 'ssm:DescribeParameters', resource: `arn:aws:ssm:${region}:${account}:*` },
  ],
  run: ({ Filters, ParameterFilters, MaxResults, NextToken }, { world, account, region }) => {
    const filters = [
      ...ParameterFilters,
      ...Filters.map((filter) => ({ ...filter, Option: filter.Key === 'Name' ? 'BeginsWith' : 'Equals' })),
    ];
    const found = world.store
      .in(parameters)
      .where((row) => row.account === account && row.region === region)
      .filter((row) => filters.every((filter) => passes(row, filter)));
    const { items, next } = pageOf(found, NextToken, MaxResults, 'InvalidNextToken');
    return {
      Parameters: items.map((row) => ({ ARN: row.arn, ...metadata(row.name, row) })),
      ...(next === undefined ? {} : { NextToken: next }),
    };
  },
});

/** The versions of a parameter that are kept, oldest first, with values and labels. */
export const getParameterHistory = operation({
  input: z.object({ Name: z.string(), WithDecryption: z.boolean().default(false), ...paged }),
  access: ({ Name, WithDecryption }, call) => [
    parameterAccess('GetParameterHistory', call, Name),
    ...decryption(call.world, call.world.store.in(parameters).get(parameterArn(Name, call)), WithDecryption),
  ],
  run: ({ Name, WithDecryption, MaxResults, NextToken }, call) => {
    const parameter = requireParameter(call.world, Name, call);
    const { items, next } = pageOf([...parameter.history, parameter], NextToken, MaxResults, 'InvalidNextToken');
    return {
      Parameters: items.map((version) => ({
        ...metadata(parameter.name, version),
        Value: valueOf(version, WithDecryption),
        Labels: version.labels,
      })),
      ...(next === undefined ? {} : { NextToken: next }),
    };
  },
});
