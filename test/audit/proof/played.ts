import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { DeleteMessageBatchCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { administrator } from '../../../local/accounts.ts';
import { roles, users } from '../../../local/services/iam/tables.ts';
import { issueCredentials } from '../../../local/world/credentials.ts';
import type { Principal } from '../../../local/world/principal.ts';
import { queueFor } from '../../local/events-queue.ts';
import { type EventsWorld, eventsWorld } from '../../local/events-world.ts';
import type { WrittenResources } from '../clouds.ts';
import { organisation, receiving } from './generated.ts';

/** What is put on a bus. */
export interface PutEvent {
  readonly source: string;
  readonly detailType: string;
  readonly detail: object;
}

/** A local cloud that plays generated templates, asked over its API as anybody. */
export class PlayedCases {
  readonly #cloud: EventsWorld;
  readonly #clients = new Map<string, { readonly events: EventBridgeClient; readonly sts: STSClient }>();
  readonly #sqs: SQSClient;

  private constructor(cloud: EventsWorld) {
    this.#cloud = cloud;
    this.#sqs = new SQSClient(cloud.client(receiving));
  }

  static async open(): Promise<PlayedCases> {
    const cloud = await eventsWorld();
    Object.assign(cloud.world, { organisationId: organisation });
    return new PlayedCases(cloud);
  }

  async close(): Promise<void> {
    this.#sqs.destroy();
    this.#forgetClients();
    await this.#cloud.close();
  }

  /** Makes everything of some templates, and what takes it away again. */
  async play(templates: Readonly<Record<string, WrittenResources>>): Promise<() => Promise<void>> {
    const made: (() => Promise<void>)[] = [];
    for (const [account, resources] of Object.entries(templates))
      for (const { Type, Properties } of Object.values(resources)) {
        const placed = await this.#cloud.place(account, Type, Properties);
        made.unshift(() => this.#cloud.remove(account, Type, { properties: Properties, ...placed }));
      }
    return async () => {
      for (const remove of made) await remove();
      this.#forgetClients();
    };
  }

  /** A queue to which the rule may send. */
  queue(name: string, rule: string): Promise<{ url: string; arn: string }> {
    return queueFor(this.#sqs, name, `arn:aws:events:eu-west-1:${receiving}:rule/${rule}`);
  }

  /** Whether an event is let in. */
  async put(caller: string, bus: string, { source, detailType, detail }: PutEvent): Promise<boolean> {
    const entry = { EventBusName: bus, Source: source, DetailType: detailType, Detail: JSON.stringify(detail) };
    return allowed(this.#as(caller).events.send(new PutEventsCommand({ Entries: [entry] })));
  }

  /** Whether a role is given. */
  async assume(caller: string, role: string, externalId: string | undefined): Promise<boolean> {
    const input = {
      RoleArn: role,
      RoleSessionName: 'case',
      ...(externalId === undefined ? {} : { ExternalId: externalId }),
    };
    return allowed(this.#as(caller).sts.send(new AssumeRoleCommand(input)));
  }

  /** The details of all events that have come to a queue. */
  async delivered(url: string): Promise<readonly { readonly id?: number }[]> {
    const found: { readonly id?: number }[] = [];
    for (;;) {
      const { Messages = [] } = await this.#sqs.send(
        new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: 10 }),
      );
      if (Messages.length === 0) return found;
      for (const { Body = '{}' } of Messages) found.push((JSON.parse(Body) as { detail: { id?: number } }).detail);
      const entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
      await this.#sqs.send(new DeleteMessageBatchCommand({ QueueUrl: url, Entries: entries }));
    }
  }

  #as(caller: string): { readonly events: EventBridgeClient; readonly sts: STSClient } {
    const known = this.#clients.get(caller);
    if (known) return known;
    const { world } = this.#cloud;
    const { accessKeyId, secretAccessKey, sessionToken } = issueCredentials(world, this.#principal(caller), 3600);
    const settings = {
      endpoint: world.endpoint,
      region: 'eu-west-1',
      maxAttempts: 1,
      credentials: { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) },
    };
    const clients = { events: new EventBridgeClient(settings), sts: new STSClient(settings) };
    this.#clients.set(caller, clients);
    return clients;
  }

  /** Who an ARN is; whom no template makes is made as an administrator of their account. */
  #principal(arn: string): Principal {
    const { world } = this.#cloud;
    const account = arn.split(':')[4] ?? '';
    const name = arn.split('/').at(-1) ?? '';
    const managed = ['arn:aws:iam::aws:policy/AdministratorAccess'];
    if (arn.endsWith(':root')) return { type: 'root', account, arn };
    if (arn.includes(':user/')) {
      if (name === 'administrator') return administrator(world, account);
      world.store.in(users).put(arn, { arn, name, account, id: `AIDA${name}`, inline: {}, managed });
      return { type: 'user', account, arn, userId: `AIDA${name}` };
    }
    const known = world.store.in(roles).get(arn);
    if (known === undefined)
      world.store.in(roles).put(arn, {
        arn,
        name,
        path: '/',
        account,
        id: `AROA${name}`,
        trust: {},
        inline: {},
        managed,
        maxSessionSeconds: 3600,
        createdAt: '2026-01-01T00:00:00Z',
        tags: {},
      });
    const session = `arn:aws:sts::${account}:assumed-role/${name}/case`;
    return { type: 'role-session', account, arn: session, roleArn: arn, userId: `AROA${name}:case` };
  }

  #forgetClients(): void {
    for (const { events, sts } of this.#clients.values()) for (const client of [events, sts]) client.destroy();
    this.#clients.clear();
  }
}

/** Refusals are answers; anything else is a bug. */
async function allowed(call: Promise<unknown>): Promise<boolean> {
  try {
    await call;
    return true;
  } catch (error) {
    if (error instanceof Error && /AccessDenied/.test(error.name)) return false;
    throw error;
  }
}
