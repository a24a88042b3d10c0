import type { CloudResource } from '../cloud/cloud.ts';
import { isTrue } from '../cloud/values.ts';
import type { Check, Verdict } from './check.ts';
import { refusesPlainText } from './transport.ts';

/** A queue or topic that does not say how it is encrypted, or that answers without TLS. */
export const unencryptedQueue: Check = ({ cloud, permissions }) => [
  ...cloud.ofType('AWS::SQS::Queue').flatMap((queue) => {
    const { SqsManagedSseEnabled, KmsMasterKeyId } = queue.properties;
    return judge(queue, {
      encrypted: isTrue(SqsManagedSseEnabled) || KmsMasterKeyId !== undefined,
      value: SqsManagedSseEnabled,
      closed: refusesPlainText(queue.arn, ['sqs:*', 'sqs:sendmessage', '*'], permissions),
      mend: 'set SqsManagedSseEnabled, or a KmsMasterKeyId',
    });
  }),
  ...cloud.ofType('AWS::SNS::Topic').flatMap((topic) => {
    const { KmsMasterKeyId } = topic.properties;
    return judge(topic, {
      encrypted: KmsMasterKeyId !== undefined,
      value: KmsMasterKeyId,
      closed: refusesPlainText(topic.arn, ['sns:publish', 'sns:*', '*'], permissions),
      mend: 'set a KmsMasterKeyId',
    });
  }),
];

function judge(
  resource: CloudResource,
  { encrypted, value, closed, mend }: { encrypted: boolean; value: unknown; closed: boolean; mend: string },
): readonly Verdict[] {
  return [
    ...(encrypted ? [] : [{ resource, problem: 'messages lie there unencrypted', value, mend }]),
    ...(closed
      ? []
      : [
          {
            resource,
            problem: 'messages are taken without TLS',
            value: undefined,
            mend: 'deny what comes when aws:SecureTransport is false',
          },
        ]),
  ];
}
