import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { operation, type Place } from '../../world/service.ts';
import { table } from '../../world/store.ts';
import type { World } from '../../world/world.ts';
import type { ArtifactCounts } from './actions/artifact-counts.ts';
import { pipelines } from './tables.ts';

/** A setting that an action of a custom type takes. */
interface Setting {
  readonly name: string;
  readonly required: boolean;
  readonly key: boolean;
  readonly secret: boolean;
  readonly queryable?: boolean | undefined;
  readonly description?: string | undefined;
  readonly type?: 'String' | 'Number' | 'Boolean' | undefined;
}

/** An action type that the account made itself: its workers poll for jobs. */
export interface CustomType extends Place, ArtifactCounts {
  /** `<account>/<region>/<category>/<provider>/<version>`. */
  readonly key: string;
  readonly category: string;
  readonly provider: string;
  readonly version: string;
  readonly settings: readonly Setting[];
  readonly urls?: Readonly<Record<string, string | undefined>> | undefined;
}

/** By key. */
const customTypes = table<CustomType>('codepipeline/custom-action-types');

const category = z.enum(['Build', 'Compute', 'Deploy', 'Invoke', 'Source', 'Test']);
const provider = z.string().regex(/^[0-9A-Za-z_-]{1,35}$/);
const version = z.string().regex(/^[0-9A-Za-z_-]{1,9}$/);

/** The id of a custom action type; those of AWS and third parties are not polled for. */
export const customTypeId = z.object({
  category,
  owner: z.literal('Custom', 'must be Custom: jobs of other action types are not polled for'),
  provider,
  version,
});

type Id = Pick<CustomType, 'category' | 'provider' | 'version'>;

const keyOf = ({ category, provider, version }: Id, { account, region }: Place): string =>
  [account, region, category, provider, version].join('/');

/** The ARN that policies name. Source: "Actions, resources, and condition keys for AWS CodePipeline". */
export const customTypeArn = ({ category, provider, version }: Id, { account, region }: Place): string =>
  `arn:aws:codepipeline:${region}:${account}:actiontype:Custom/${category}/${provider}/${version}`;

/** The custom type of that id, if the account has it. */
export const findCustomType = (world: World, at: Place, id: Id): CustomType | undefined =>
  world.store.in(customTypes).get(keyOf(id, at));

/** The custom type of that id. Throws ActionTypeNotFoundException. */
export function customType(world: World, at: Place, id: Id): CustomType {
  const found = findCustomType(world, at, id);
  if (found === undefined)
    throw new AwsError(
      'ActionTypeNotFoundException',
      `Account '${at.account}' has no custom action type ${id.category}/${id.provider}/${id.version}`,
    );
  return found;
}

/** The custom types of an account in a region. */
export const customTypesOf = (world: World, { account, region }: Place): readonly CustomType[] =>
  world.store.in(customTypes).where((row) => row.account === account && row.region === region);

/** A custom type as the API shows it. */
export const showCustomType = ({ category, provider, version, settings, inputs, outputs, urls }: CustomType) => ({
  id: { category, owner: 'Custom', provider, version },
  ...(urls === undefined ? {} : { settings: urls }),
  actionConfigurationProperties: settings,
  inputArtifactDetails: { minimumCount: inputs[0], maximumCount: inputs[1] },
  outputArtifactDetails: { minimumCount: outputs[0], maximumCount: outputs[1] },
});

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

/** Makes an action type whose workers the account runs itself. Throws ValidationException for one that exists. */
export const createCustomActionType = operation({
  simplified: 'Settings cannot be secret, and the addresses of consoles are shown but not filled in.',
  input: z.object({
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
  }),
  access: (id, call) => [{ action: 'codepipeline:CreateCustomActionType', resource: customTypeArn(id, call) }],
  run: (wanted, { world, account, region }) => {
    const { category, provider, version, inputArtifactDetails: from, outputArtifactDetails: to } = wanted;
    const at = { account, region };
    const key = keyOf(wanted, at);
    if (world.store.in(customTypes).has(key))
      throw new AwsError('ValidationException', `The action type ${category}/${provider}/${version} exists already`);
    const made: CustomType = {
      ...at,
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
    return { actionType: showCustomType(made) };
  },
});

/** Forgets a custom action type that no pipeline uses; one that is not there is no error. */
export const deleteCustomActionType = operation({
  input: z.object({ category, provider, version }),
  access: (id, call) => [{ action: 'codepipeline:DeleteCustomActionType', resource: customTypeArn(id, call) }],
  run: (id, { world, account, region }) => {
    const user = world.store
      .in(pipelines)
      .where((row) => row.account === account && row.region === region)
      .find(({ stages }) =>
        stages.some(({ actions }) =>
          actions.some(
            (action) =>
              action.owner === 'Custom' &&
              action.category === id.category &&
              action.provider === id.provider &&
              action.version === id.version,
          ),
        ),
      );
    if (user !== undefined)
      throw new AwsError(
        'ValidationException',
        `The action type ${id.category}/${id.provider}/${id.version} is used by pipeline '${user.name}'`,
      );
    world.store.in(customTypes).delete(keyOf(id, { account, region }));
    return {};
  },
});
