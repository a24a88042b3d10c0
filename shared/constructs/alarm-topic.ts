import { RemovalPolicy } from 'aws-cdk-lib';
import { AccountRootPrincipal, PolicyDocument, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { alarmTopicName, type Home, ruleArn } from '../names.ts';
import { makeRule } from './rule.ts';

/** Who is told of alarms. */
export interface AlarmTopicProps {
  readonly home: Home;
  /** What the topic's name and every alarm's name begin with. */
  readonly prefix: string;
  /** @default - nobody is mailed, the alarms still turn on. */
  readonly email?: string;
}

/** Events that people are told of. */
export interface MailedEvents {
  /** The rule's name. */
  readonly name: string;
  readonly pattern: object;
  /** JSON paths into the event, by the name that `text` gives them. */
  readonly paths: Readonly<Record<string, string>>;
  /** The mail, with `<name>` for what stands at a path. */
  readonly text: string;
  /** Takes what could not be told. */
  readonly undelivered: Queue;
  /** @default - the topic of alarms */
  readonly topic?: Topic;
}

/** Where alarms and failed executions of an account go, and from there by e-mail to people. Encrypted with a key of its own, over TLS only. */
export class AlarmTopic extends Construct {
  readonly topic: Topic;
  readonly #props: AlarmTopicProps;
  readonly #key: Key;

  constructor(scope: Construct, id: string, props: AlarmTopicProps) {
    super(scope, id);
    this.#props = props;
    this.#key = this.#makeKey();
    this.topic = this.#makeTopic();
    this.#admitAlarms();
    if (props.email !== undefined) this.topic.addSubscription(new EmailSubscription(props.email));
  }

  /** A topic beside, for other people, with the same key. */
  another(id: string, displayName: string): Topic {
    return new Topic(this, id, { displayName, masterKey: this.#key, enforceSSL: true });
  }

  /** Mails each event of the default bus that matches. */
  mailEvents(id: string, { name, pattern, paths, text, undelivered, topic = this.topic }: MailedEvents): void {
    const { home } = this.#props;
    makeRule(this, id, {
      home,
      name,
      description: 'People are told by e-mail',
      pattern,
      target: {
        id: 'alarms',
        arn: topic.topicArn,
        inputTransformer: { inputPathsMap: paths, inputTemplate: JSON.stringify(text) },
      },
      undelivered,
    });
    this.#admit('events.amazonaws.com', { ArnEquals: { 'aws:SourceArn': ruleArn(home, name) } }, topic);
  }

  #makeTopic(): Topic {
    return new Topic(this, 'Topic', {
      topicName: alarmTopicName(this.#props.prefix),
      masterKey: this.#key,
      enforceSSL: true,
    });
  }

  /** The key's policy for EventBridge bears no condition: its calls to KMS carry no source, and every message would be dropped. */
  #makeKey(): Key {
    const use = (sid: string, service: string, conditions = {}) =>
      new PolicyStatement({
        sid,
        principals: [new ServicePrincipal(service)],
        actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
        resources: ['*'],
        conditions,
      });
    const admin = new PolicyStatement({
      sid: 'OwnAccount',
      principals: [new AccountRootPrincipal()],
      actions: ['kms:*'],
      resources: ['*'],
    });
    return new Key(this, 'Key', {
      description: `Alarms of ${this.#props.prefix}`,
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.DESTROY,
      policy: new PolicyDocument({
        statements: [
          admin,
          use('Alarms', 'cloudwatch.amazonaws.com', this.#fromOwnAlarms()),
          use('Rules', 'events.amazonaws.com'),
        ],
      }),
    });
  }

  #admitAlarms(): void {
    this.#admit('cloudwatch.amazonaws.com', this.#fromOwnAlarms());
  }

  #admit(service: string, conditions: Record<string, Record<string, string>>, topic = this.topic): void {
    topic.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal(service)],
        actions: ['sns:Publish'],
        resources: [topic.topicArn],
        conditions,
      }),
    );
  }

  #fromOwnAlarms() {
    const { home, prefix } = this.#props;
    return {
      StringEquals: { 'aws:SourceAccount': home.account },
      ArnLike: { 'aws:SourceArn': `arn:aws:cloudwatch:${home.region}:${home.account}:alarm:${prefix}-*` },
    };
  }
}
