import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { operation, type Place } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import {
  type CustomType,
  type CustomTypeId,
  category,
  customTypeArn,
  customTypes,
  keyOfCustomType,
  provider,
  showCustomType,
  userOf,
  version,
} from './custom-types.ts';

const counts = z.object({
  minimumCount: z.number().int().min(0).max(5),
  maximumCount: z.number().int().min(0).max(5),
});
const setting = z.object({
  name: z.string().min(1).max(50),
  required: z.boolean(),
  key: z.boolean(),
  secret: z.literal(false, 'must be false: secret settings are not played by the local cloud'),
  queryable: z.boolean().optional(),
  description: z.string().min(1).max(160).optional(),
  type: z.enum(['String', 'Number', 'Boolean']).optional(),
});
const url = z.string().min(1).max(2048).optional();

/** The members of CreateCustomActionType. */
export const customTypeShape = z.object({
  category,
  provider,
  version,
  settings: z
    .object({
      thirdPartyConfigurationUrl: url,
      entityUrlTemplate: url,
      executionUrlTemplate: url,
      revisionUrlTemplate: url,
    })
    .optional(),
  configurationProperties: z.array(setting).max(10).default([]),
  inputArtifactDetails: counts,
  outputArtifactDetails: counts,
});

/** Makes an action type whose workers the account runs itself. Throws ValidationException for one that exists. */
export const createCustomActionType = operation({
  simplified: 'Settings cannot be secret, and the addresses of consoles are shown but not filled in.',
  input: customTypeShape,
  access: (id, call) => [{ action: 'codepipeline:CreateCustomActionType', resource: customTypeArn(id, call) }],
  run: (wanted, { world, account, region }) => ({
    actionType: showCustomType(makeCustomType(world, { account, region }, wanted)),
  }),
});

/** Forgets a custom action type that no pipeline uses; one that is not there is no error. */
export const deleteCustomActionType = operation({
  input: z.object({ category, provider, version }),
  access: (id, call) => [{ action: 'codepipeline:DeleteCustomActionType', resource: customTypeArn(id, call) }],
  run: (id, { world, account, region }) => {
    deleteCustomType(world, { account, region }, id);
    return {};
  },
});

/** Writes down a new custom type. Throws ValidationException for one that exists. */
export function makeCustomType(world: World, at: Place, wanted: z.output<typeof customTypeShape>): CustomType {
  const { category, provider, version, inputArtifactDetails: from, outputArtifactDetails: to } = wanted;
  const key = keyOfCustomType(wanted, at);
  if (world.store.in(customTypes).has(key))
    throw new AwsError('ValidationException', `The action type ${category}/${provider}/${version} exists already`);
  const made: CustomType = {
    account: at.account,
    region: at.region,
    key,
    category,
    provider,
    version,
    settings: wanted.configurationProperties,
    inputs: [from.minimumCount, from.maximumCount],
    outputs: [to.minimumCount, to.maximumCount],
    urls: wanted.settings,
  };
  world.store.in(customTypes).put(key, made);
  return made;
}

/** Forgets a custom type. Throws ValidationException when a pipeline uses it. */
export function deleteCustomType(world: World, at: Place, id: CustomTypeId): void {
  const user = userOf(world, at, id);
  if (user !== undefined)
    throw new AwsError(
      'ValidationException',
      `The action type ${id.category}/${id.provider}/${id.version} is used by pipeline '${user}'`,
    );
  world.store.in(customTypes).delete(keyOfCustomType(id, at));
}
