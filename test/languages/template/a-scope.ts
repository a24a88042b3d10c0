import type { PseudoParameters, ResourceValues, Scope } from '../../../languages/template/types.ts';

/** The pseudo parameters of the tests' stack. */
export const pseudo: PseudoParameters = {
  accountId: '111111111111',
  region: 'eu-west-1',
  partition: 'aws',
  stackName: 'orders-prod',
  stackId: 'arn:aws:cloudformation:eu-west-1:111111111111:stack/orders-prod/1',
  urlSuffix: 'amazonaws.com',
  notificationArns: ['arn:aws:sns:eu-west-1:111111111111:t'],
};

const resources = new Map<string, ResourceValues>([
  ['Queue', { ref: 'https://sqs/queue', attributes: { Arn: 'arn:queue' } }],
  ['Database', { ref: 'db', attributes: { Endpoint: { Address: 'db.internal' } } }],
  ['Nested', { ref: 'stack', attributes: { 'Outputs.Url': 'https://nested', Zones: ['x', 'y'] } }],
]);

/** What the table of intrinsic functions is resolved in. */
export const scope: Scope = {
  parameters: { Stage: 'prod', Zones: ['a', 'b', 'c'], Size: '3', One: '1', Attribute: 'Arn' },
  pseudo,
  mappings: { Regions: { 'eu-west-1': { Image: 'ami-1', Zones: ['a', 'b'] } } },
  conditions: { IsProd: true, IsDev: false },
  resource: (logicalId) => resources.get(logicalId),
  importValue: (name) => (name === 'prod-vpc' ? 'vpc-1' : undefined),
  dynamicReference: (service, name) => (name === 'nothing' ? undefined : `<${service} ${name}>`),
};
