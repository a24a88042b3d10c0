import { Match, type Template } from 'aws-cdk-lib/assertions';
import { expect, test } from 'vitest';
import { parseOrganisation } from '../../shared/organisation-schema.ts';
import { checkedPipelines } from '../../workload-account/owner-file.ts';
import { type Pipeline, pipeline } from '../../workload-account/pipeline-definition.ts';
import { organisationFile, resourcesOf, synthesized } from '../synthesis.ts';

const built = pipeline('orders').build();
const chat = 'arn:aws:sns:eu-west-1:222222222222:orders-chat';

test('people get a sentence by e-mail, topics get the event as it is, and what cannot be told is kept', () => {
  const dev = built.notify(['orders@example.com', chat], { of: ['FAILED'] });
  const template = synthesized(organisationFile, { dev }, 'dev').get('mergecast-dev') as Template;
  const EventPattern = Match.objectLike({ detail: { pipeline: ['orders-dev'], state: ['FAILED'] } });

  template.hasResourceProperties('AWS::SNS::Subscription', { Protocol: 'email', Endpoint: 'orders@example.com' });
  template.hasResourceProperties('AWS::Events::Rule', {
    Name: 'mergecast-dev-orders-ended-1',
    EventPattern,
    Targets: [Match.objectLike({ InputTransformer: Match.anyValue(), DeadLetterConfig: Match.anyValue() })],
  });
  template.hasResourceProperties('AWS::Events::Rule', {
    Name: 'mergecast-dev-orders-ended-1-topic-1',
    EventPattern,
    Targets: [Match.objectLike({ Arn: chat, InputTransformer: Match.absent() })],
  });
});

test('names of rules stay within 64 characters, and apart', () => {
  const service = 'a-service-with-a-name-as-long-as-it-may-be';
  const file = { ...organisationFile, repositories: [{ name: service }] };
  const dev = pipeline(service).build().notify(['a@example.com', chat]).notify(['b@example.com']);
  const template = synthesized(file, { dev }, 'dev').get('mergecast-dev') as Template;

  const names = Object.values(resourcesOf(template, 'AWS::Events::Rule')).map(({ Properties }) => Properties['Name']);

  expect(new Set(names).size).toBe(names.length);
  expect(names.filter((name) => String(name).length > 64)).toEqual([]);
});

test.each<[string, Pipeline, RegExp]>([
  ['nobody', built.notify([]), /notify\(\) tells nobody: give e-mail addresses or ARNs of SNS topics/],
  [
    'a name',
    built.notify(['the team']),
    /notify\(\): 'the team' is neither an e-mail address nor the ARN of an SNS topic/,
  ],
  [
    'a queue',
    built.notify(['arn:aws:sqs:eu-west-1:222222222222:x']),
    /is neither an e-mail address nor the ARN of an SNS/,
  ],
  ['nothing', built.notify(['a@example.com'], { of: [] }), /notify\(\) tells of nothing/],
])('telling %s is refused', (_, definition, words) => {
  const [dev] = parseOrganisation(organisationFile).environments;

  expect(() => checkedPipelines(dev as never, [definition])).toThrow(words);
});
