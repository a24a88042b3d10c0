import { z } from 'zod';
import { flag, numeric } from '../../world/properties.ts';
import { resource } from '../../world/service.ts';
import { deleteCustomType, makeCustomType } from './custom-type-operations.ts';
import { category, customTypeArn, provider, version } from './custom-types.ts';

const counts = z.strictObject({
  MinimumCount: numeric.pipe(z.number().int().min(0).max(5)),
  MaximumCount: numeric.pipe(z.number().int().min(0).max(5)),
});
const setting = z.strictObject({
  Name: z.string().min(1).max(50),
  Required: flag,
  Key: flag,
  Secret: flag.refine((secret) => !secret, 'must be false: secret settings are not played by the local cloud'),
  Queryable: flag.optional(),
  Description: z.string().min(1).max(160).optional(),
  Type: z.enum(['String', 'Number', 'Boolean']).optional(),
});

/** AWS::CodePipeline::CustomActionType. Any change makes another one, as on AWS. */
export const customActionType = resource({
  simplified: 'Settings cannot be secret; Settings and Tags are refused; a changed type needs a new Version.',
  properties: z.strictObject({
    Category: category,
    Provider: provider,
    Version: version,
    ConfigurationProperties: z.array(setting).max(10).default([]),
    InputArtifactDetails: counts,
    OutputArtifactDetails: counts,
  }),
  access: ({ Category, Provider, Version }, at, change) => [
    {
      action: `codepipeline:${change === 'delete' ? 'DeleteCustomActionType' : 'CreateCustomActionType'}`,
      resource: customTypeArn({ category: Category, provider: Provider, version: Version }, at),
    },
  ],
  put: (declared, at) => {
    const { Category: category, Provider: provider, Version: version } = declared;
    const { InputArtifactDetails: from, OutputArtifactDetails: to } = declared;
    makeCustomType(at.world, at, {
      category,
      provider,
      version,
      configurationProperties: declared.ConfigurationProperties.map((each) => ({
        name: each.Name,
        required: each.Required,
        key: each.Key,
        secret: false as const,
        queryable: each.Queryable,
        description: each.Description,
        type: each.Type,
      })),
      inputArtifactDetails: { minimumCount: from.MinimumCount, maximumCount: from.MaximumCount },
      outputArtifactDetails: { minimumCount: to.MinimumCount, maximumCount: to.MaximumCount },
    });
    return { physicalId: `Custom-${category}-${provider}-${version}`, attributes: {} };
  },
  remove: ({ properties: { Category, Provider, Version } }, at) =>
    deleteCustomType(at.world, at, { category: Category, provider: Provider, version: Version }),
});
