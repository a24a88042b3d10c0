import { z } from 'zod';
import { policyDocument } from '../../world/properties.ts';
import { resource } from '../../world/service.ts';
import { requireTopic, writeTopicPolicy } from './topics.ts';

/** AWS::SNS::TopicPolicy: the policy of one or more topics. */
export const topicPolicy = resource({
  properties: z.strictObject({ Topics: z.array(z.string()).min(1), PolicyDocument: policyDocument }),
  access: ({ Topics }) => Topics.map((arn) => ({ action: 'sns:SetTopicAttributes', resource: arn })),
  put: ({ Topics, PolicyDocument }, at, previous) => {
    for (const arn of previous?.properties.Topics ?? [])
      if (!Topics.includes(arn)) writeTopicPolicy(at.world, arn, undefined);
    for (const arn of Topics) writeTopicPolicy(at.world, requireTopic(at.world, arn).arn, PolicyDocument);
    const id = previous?.physicalId ?? `${at.stackName}-${at.logicalId}-${at.world.chance.hex(12)}`;
    return { physicalId: id, attributes: { Id: id } };
  },
  remove: ({ properties }, at) => {
    for (const arn of properties.Topics) writeTopicPolicy(at.world, arn, undefined);
  },
});
