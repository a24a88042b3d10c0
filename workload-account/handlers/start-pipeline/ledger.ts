import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import type { Ledger } from '../../../events/start-ledger.ts';
import { Fault } from '../../../shared/fault.ts';
import type { Performs, Place } from './place.ts';

const count = z.number().int().nonnegative();

const schema = z.object({
  epoch: z.string().min(1),
  commit: z.string().regex(/^([0-9a-f]{40}|none)$/),
  generation: count,
  state: z.enum(['waiting', 'settled', 'starting', 'started']),
  lease: count,
  executionId: z.string().min(1),
  retries: count,
  retryAt: count,
});

/** The pipeline's item, read consistently. */
export async function readLedger({ clients, settings, own }: Place): ReturnType<Performs['read-ledger']> {
  const { Item } = await clients.ledger.send(
    new GetCommand({ TableName: settings.ledgerTable, Key: { pipeline: own.pipeline }, ConsistentRead: true }),
  );
  return { ledger: Item === undefined ? null : ledgerOf(Item, own.pipeline), now: clients.now() };
}

function ledgerOf(item: unknown, pipeline: string): Ledger {
  const result = schema.safeParse(item);
  if (!result.success) throw new Fault('LedgerMalformed', `item ${pipeline}: ${z.prettifyError(result.error)}`);
  const { commit, lease, ...rest } = result.data;
  return { ...rest, commitId: commit, leaseUntil: lease };
}

/**
 * Writes the item on condition that nobody changed it. An answer lost on the way back looks like a lost race; the lease
 * then ends it.
 */
export async function writeLedger(
  { clients, settings, own }: Place,
  { ledger, from }: Parameters<Performs['write-ledger']>[0],
): ReturnType<Performs['write-ledger']> {
  const { commitId, leaseUntil, ...rest } = ledger;
  const item = { pipeline: own.pipeline, ...rest, commit: commitId, lease: leaseUntil };
  try {
    await clients.ledger.send(new PutCommand({ TableName: settings.ledgerTable, Item: item, ...condition(from) }));
    return { written: true, now: clients.now() };
  } catch (error) {
    if ((error as Error).name === 'ConditionalCheckFailedException') return { written: false, now: clients.now() };
    throw error;
  }
}

function condition(from: Ledger | null) {
  if (from === null) return { ConditionExpression: 'attribute_not_exists(pipeline)' };
  const unchanged = {
    epoch: from.epoch,
    generation: from.generation,
    state: from.state,
    lease: from.leaseUntil,
    commit: from.commitId,
    retries: from.retries,
  };
  const fields = Object.entries(unchanged);
  return {
    ConditionExpression: fields.map(([field]) => `#${field} = :${field}`).join(' AND '),
    ExpressionAttributeNames: Object.fromEntries(fields.map(([field]) => [`#${field}`, field])),
    ExpressionAttributeValues: Object.fromEntries(fields.map(([field, value]) => [`:${field}`, value])),
  };
}
