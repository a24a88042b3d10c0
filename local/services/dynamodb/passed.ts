import { z } from 'zod';
import { type Operation, operation, type Place } from '../../world/service.ts';
import { engine } from './engine.ts';

const tableArn = (name: string, { account, region }: Place): string =>
  name.startsWith('arn:') ? name : `arn:aws:dynamodb:${region}:${account}:table/${name}`;

/** An operation on one table: IAM decides here, the embedded engine does the work. */
export const passed = (name: string): Operation =>
  operation({
    input: z.looseObject({ TableName: z.string() }),
    access: ({ TableName }, call) => [{ action: `dynamodb:${name}`, resource: tableArn(TableName, call) }],
    run: (input, call) =>
      engine(call.world, call).send(name, { ...input, TableName: input.TableName.split('/').pop() }),
  });

/** The tables of the caller's account and region. */
export const listTables = operation({
  input: z.looseObject({}),
  access: () => [{ action: 'dynamodb:ListTables', resource: '*' }],
  run: (input, call) => engine(call.world, call).send('ListTables', input),
});
