import { EventBridgeClient, PutEventsCommand, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import type { Service } from '../../local/world/service.ts';
import { type EventsWorld, eventsWorld } from './events-world.ts';

/** A world in which tests lay rules and roles, put events, and look at what arrives. */
export class Deliveries {
  readonly cloud: EventsWorld;
  readonly #clients: { destroy(): void }[] = [];

  private constructor(cloud: EventsWorld) {
    this.cloud = cloud;
  }

  static async open(instead: Readonly<Record<string, Service>> = {}): Promise<Deliveries> {
    return new Deliveries(await eventsWorld(instead));
  }

  /** A client of the SDK for an administrator of the account; ends with the world. */
  client<Client extends { destroy(): void }>(
    Type: new (settings: ReturnType<EventsWorld['client']>) => Client,
    account: string,
  ): Client {
    const made = new Type(this.cloud.client(account));
    this.#clients.push(made);
    return made;
  }

  /** A rule for all events of a bus, with one target; answers its ARN. */
  async rule(account: string, name: string, target: object, bus = 'default'): Promise<string> {
    const events = this.client(EventBridgeClient, account);
    const { RuleArn = '' } = await events.send(
      new PutRuleCommand({ Name: name, EventBusName: bus, EventPattern: '{"source":[{"exists":true}]}' }),
    );
    await events.send(
      new PutTargetsCommand({ Rule: name, EventBusName: bus, Targets: [{ Id: 'target', ...target } as never] }),
    );
    return RuleArn;
  }

  /** Puts one event. */
  put(account: string, bus?: string, detail: object = { branch: 'prod' }) {
    return this.client(EventBridgeClient, account).send(
      new PutEventsCommand({
        Entries: [{ Source: 'test', DetailType: 'Tested', Detail: JSON.stringify(detail), EventBusName: bus }],
      }),
    );
  }

  /** A role that EventBridge may take on, with one statement; answers its ARN. */
  async role(account: string, name: string, statement: object, condition: object = {}): Promise<string> {
    const { attributes } = await this.cloud.place(account, 'AWS::IAM::Role', {
      RoleName: name,
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { Service: 'events.amazonaws.com' },
            Action: 'sts:AssumeRole',
            Condition: condition,
          },
        ],
      },
      Policies: [
        { PolicyName: 'p', PolicyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...statement }] } },
      ],
    });
    return String(attributes['Arn']);
  }

  async close(): Promise<void> {
    for (const each of this.#clients) each.destroy();
    await this.cloud.close();
  }
}
