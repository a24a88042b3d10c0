import { z } from 'zod';
import { policyDocument, tags } from '../../world/properties.ts';
import { resource } from '../../world/service.ts';
import { refuseIfThere } from '../already-there.ts';
import { imageRepositories } from './tables.ts';

/** AWS::ECR::Repository, as the bootstrap stack of the CDK makes one. It holds no images. */
export const imageRepository = resource({
  simplified: 'A repository has its name and policy, and can hold no images.',
  properties: z.strictObject({
    RepositoryName: z
      .string()
      .regex(/^[a-z0-9][a-z0-9._/-]{1,255}$/)
      .optional(),
    ImageTagMutability: z.enum(['MUTABLE', 'IMMUTABLE']).optional(),
    LifecyclePolicy: z.strictObject({ LifecyclePolicyText: z.string().optional() }).optional(),
    RepositoryPolicyText: policyDocument.optional(),
    Tags: tags.optional(),
  }),
  access: ({ RepositoryName }, { account, region }, change) => [
    {
      action: { create: 'ecr:CreateRepository', update: 'ecr:SetRepositoryPolicy', delete: 'ecr:DeleteRepository' }[
        change
      ],
      resource: `arn:aws:ecr:${region}:${account}:repository/${RepositoryName ?? '*'}`,
    },
  ],
  put: (properties, { world, account, region, stackName, logicalId }, previous) => {
    const generated = `${stackName}-${logicalId}-${world.chance.hex(12)}`.toLowerCase();
    const name = properties.RepositoryName ?? previous?.physicalId ?? generated;
    const arn = `arn:aws:ecr:${region}:${account}:repository/${name}`;
    const known = world.store.in(imageRepositories).get(arn);
    refuseIfThere('AWS::ECR::Repository', name, known !== undefined && previous?.physicalId !== name);
    world.store.in(imageRepositories).put(arn, {
      ...{ arn, name, account, region },
      mutability: properties.ImageTagMutability ?? 'MUTABLE',
      createdAt: known?.createdAt ?? world.clock.now(),
      ...(properties.RepositoryPolicyText === undefined ? {} : { policy: properties.RepositoryPolicyText }),
    });
    const RepositoryUri = `${account}.dkr.ecr.${region}.amazonaws.com/${name}`;
    return { physicalId: name, attributes: { Arn: arn, RepositoryUri } };
  },
  remove: ({ attributes }, { world }) => void world.store.in(imageRepositories).delete(String(attributes['Arn'])),
});
