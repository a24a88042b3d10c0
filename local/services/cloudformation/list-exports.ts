import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { operation } from '../../world/service.ts';
import { pageOf } from '../page.ts';
import { exportsOf, importersOf } from './exports.ts';

const pageSize = 100;

/** What the stacks of the account and region export. */
export const listExports = operation({
  input: z.object({ NextToken: z.string().optional() }),
  access: () => [{ action: 'cloudformation:ListExports', resource: '*' }],
  run: ({ NextToken }, call) => {
    const { items, next } = pageOf(exportsOf(call.world, call), NextToken, pageSize, 'ValidationError');
    return {
      Exports: items.map(({ name, value, stack }) => ({ ExportingStackId: stack.id, Name: name, Value: value })),
      ...(next === undefined ? {} : { NextToken: next }),
    };
  },
});

/** The names of the stacks that import an export. Throws ValidationError when none does, as CloudFormation answers. */
export const listImports = operation({
  input: z.object({ ExportName: z.string(), NextToken: z.string().optional() }),
  access: () => [{ action: 'cloudformation:ListImports', resource: '*' }],
  run: ({ ExportName, NextToken }, call) => {
    const users = importersOf(call.world, call, ExportName);
    if (users.length === 0)
      throw new AwsError('ValidationError', `Export '${ExportName}' is not imported by any stack.`);
    const { items, next } = pageOf(users, NextToken, pageSize, 'ValidationError');
    return { Imports: items.map(({ name }) => name), ...(next === undefined ? {} : { NextToken: next }) };
  },
});
