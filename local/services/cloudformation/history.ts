import { Fault } from '../../../shared/fault.ts';
import { AwsError } from '../../world/failure.ts';
import type { World } from '../../world/world.ts';
import type { Deployment } from './deploy.ts';
import type { Prepared } from './scope.ts';
import { type Stack, type StackEvent, type StackOutput, type StackResource, stackKey, stacks } from './tables.ts';

/** Why something failed, in words for a stack event. */
export function reasonOf(error: unknown): string {
  if (error instanceof Fault) return error.message;
  if (error instanceof AwsError) return `${error.code}: ${error.message}`;
  return error instanceof Error
    ? 'explained' in error
      ? error.message
      : (error.stack ?? error.message)
    : String(error);
}

/** What a way back left: changed resources as they have to be again, and made ones that have to go. */
export type Undone = NonNullable<Stack['stuck']>;

const reasonLeft = ({ changed, created }: Undone): string =>
  `The following resource(s) failed to update: [${[...changed, ...created].map(({ logicalId }) => logicalId).join(', ')}].`;

const mostEvents = 1000;

/** Writes a deployment down as it goes: the stack's row with its status, its events, and the journal. */
export class History {
  readonly stackId: string;
  /** The journal entry that everything of this deployment follows from. */
  readonly cause: string;
  /** The stack as it was; undefined for one that has to be created. */
  readonly before: Stack | undefined;
  readonly #world: World;
  readonly #wanted: Deployment;
  #events: StackEvent[];

  /** When the stack's row was first written; a stack in review has one before it is created. */
  readonly #since: number | undefined;

  private constructor(world: World, wanted: Deployment, known: Stack | undefined) {
    this.#world = world;
    this.#wanted = wanted;
    this.before = known?.status === 'REVIEW_IN_PROGRESS' ? undefined : known;
    this.#since = known?.createdAt;
    const { account, region, stackName } = wanted;
    this.stackId = known?.id ?? `arn:aws:cloudformation:${region}:${account}:stack/${stackName}/${world.chance.uuid()}`;
    this.#events = [...(known?.events ?? [])];
    this.cause = this.#journal(`stack ${stackName} is deployed`);
  }

  static open(world: World, wanted: Deployment): History {
    const known = world.store.in(stacks).get(stackKey(wanted, wanted.stackName));
    return new History(world, wanted, known?.status === 'DELETE_COMPLETE' ? undefined : known);
  }

  begin(prepared: Prepared): void {
    const { template, parameters, tags, roleArn, account, region, stackName, clientToken } = this.#wanted;
    const now = this.#world.clock.now();
    const terminationProtected = this.#wanted.terminationProtected ?? this.before?.terminationProtected;
    this.#put({
      id: this.stackId,
      name: stackName,
      account,
      region,
      template,
      parameters,
      tags,
      status: this.before === undefined ? 'CREATE_IN_PROGRESS' : 'UPDATE_IN_PROGRESS',
      shownParameters: prepared.shownParameters,
      outputs: this.before?.outputs ?? {},
      resources: this.before?.resources ?? [],
      imports: this.before?.imports ?? [],
      events: [],
      createdAt: this.#since ?? now,
      clientToken,
      ...(terminationProtected === undefined ? {} : { terminationProtected }),
      ...(this.before === undefined ? {} : { updatedAt: now }),
      ...(roleArn === undefined ? {} : { roleArn }),
    });
  }

  beginDelete(): void {
    this.#change({ status: 'DELETE_IN_PROGRESS' });
  }

  /** The way back begins. Statuses as "Stack status codes" in the CloudFormation guide lists them. */
  beginRollback(reason: string): void {
    const status = this.before === undefined ? 'ROLLBACK_IN_PROGRESS' : 'UPDATE_ROLLBACK_IN_PROGRESS';
    this.#change({ status, statusReason: reason });
  }

  /** The way back ends a second time: what was stuck before is settled, or is still stuck. */
  endRollback(left: Undone): Stack {
    const settled = left.changed.length + left.created.length === 0;
    return this.#change({
      status: settled ? 'UPDATE_ROLLBACK_COMPLETE' : 'UPDATE_ROLLBACK_FAILED',
      statusReason: settled ? undefined : reasonLeft(left),
      stuck: settled ? undefined : left,
    });
  }

  /** A failure that is not undone, as the caller asked for: what was made stays the stack's. */
  stop(reason: string, resources: readonly StackResource[]): Stack {
    const status = `${this.before === undefined || this.before.status === 'CREATE_FAILED' ? 'CREATE' : 'UPDATE'}_FAILED`;
    return this.#change({ status, statusReason: reason, resources });
  }

  resource(resource: Pick<StackResource, 'logicalId' | 'type' | 'physicalId'>, status: string, reason?: string): void {
    this.#event(resource.logicalId, resource.physicalId, resource.type, status, reason);
    if (!status.endsWith('FAILED')) return;
    this.#journal(`${resource.logicalId} of stack ${this.#wanted.stackName}: ${status}: ${reason ?? ''}`);
  }

  end(
    resources: readonly StackResource[],
    outputs: Readonly<Record<string, StackOutput>>,
    imports: readonly string[],
  ): Stack {
    const status = this.before === undefined ? 'CREATE_COMPLETE' : 'UPDATE_COMPLETE';
    return this.#change({ status, statusReason: undefined, resources, outputs, imports });
  }

  endDelete(): Stack {
    return this.#change({
      status: 'DELETE_COMPLETE',
      statusReason: undefined,
      deletedAt: this.#world.clock.now(),
      resources: [],
      outputs: {},
      imports: [],
    });
  }

  /** The deletion broke off; what is left stays the stack's. */
  failDelete(reason: string, resources: readonly StackResource[]): Stack {
    return this.#change({ status: 'DELETE_FAILED', statusReason: reason, resources });
  }

  /** The stack is again what it was, or, if it was not, an empty one that has to be deleted; `left` could not be undone. */
  fail(reason: string, before: Stack | undefined, undone: Undone): Stack {
    const left = [...undone.changed, ...undone.created];
    const { template, parameters, shownParameters, resources, outputs, imports, tags } = before ?? {
      ...this.#wanted,
      shownParameters: {},
      resources: left,
      outputs: {},
      imports: [],
    };
    const status = `${before === undefined ? '' : 'UPDATE_'}ROLLBACK_${left.length === 0 ? 'COMPLETE' : 'FAILED'}`;
    const was = { template, parameters, shownParameters, resources, outputs, imports, tags };
    const stuck = before === undefined || left.length === 0 ? undefined : undone;
    return this.#change({ status, statusReason: reason, stuck, ...was });
  }

  #change(part: Partial<Stack>): Stack {
    const key = stackKey(this.#wanted, this.#wanted.stackName);
    const current = this.#world.store.in(stacks).get(key) as Stack;
    return this.#put({ ...current, ...part });
  }

  #put(stack: Stack): Stack {
    this.#event(stack.name, stack.id, 'AWS::CloudFormation::Stack', stack.status, stack.statusReason);
    const written = { ...stack, events: this.#events.slice(-mostEvents) };
    this.#world.store.in(stacks).put(stackKey(stack, stack.name), written);
    this.#journal(
      `stack ${stack.name} is ${stack.status}${stack.statusReason === undefined ? '' : `: ${stack.statusReason}`}`,
    );
    return written;
  }

  #event(logicalId: string, physicalId: string, type: string, status: string, reason: string | undefined): void {
    const { chance, clock } = this.#world;
    this.#events.push({
      id: chance.uuid(),
      logicalId,
      physicalId,
      type,
      status,
      at: clock.now(),
      clientToken: this.#wanted.clientToken,
      ...(reason === undefined ? {} : { reason }),
    });
  }

  #journal(text: string): string {
    const { account, region, cause } = this.#wanted;
    return this.#world.journal.write({
      kind: 'state',
      account,
      region,
      subject: this.stackId ?? '',
      text,
      ...(cause === undefined ? {} : { cause }),
    });
  }
}
