import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import type { Place } from '../../world/service.ts';
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
export const customTypes = table<CustomType>('codepipeline/custom-action-types');

/** What such an action can do. */
export const category = z.enum(['Build', 'Compute', 'Deploy', 'Invoke', 'Source', 'Test']);
/** Who does it. */
export const provider = z.string().regex(/^[0-9A-Za-z_-]{1,35}$/);
/** Chosen by the account. */
export const version = z.string().regex(/^[0-9A-Za-z_-]{1,9}$/);

/** The id of a custom action type; those of AWS and third parties are not polled for. */
export const customTypeId = z.object({
  category,
  owner: z.literal('Custom', 'must be Custom: jobs of other action types are not polled for'),
  provider,
  version,
});

/** What names a custom type within its account and region. */
export type CustomTypeId = Pick<CustomType, 'category' | 'provider' | 'version'>;

/** The key of a custom type. */
export const keyOfCustomType = ({ category, provider, version }: CustomTypeId, { account, region }: Place): string =>
  [account, region, category, provider, version].join('/');

/** The ARN that policies name. Source: "Actions, resources, and condition keys for AWS CodePipeline". */
export const customTypeArn = ({ category, provider, version }: CustomTypeId, { account, region }: Place): string =>
  `arn:aws:codepipeline:${region}:${account}:actiontype:Custom/${category}/${provider}/${version}`;

/** The custom type of that id, if the account has it. */
export const findCustomType = (world: World, at: Place, id: CustomTypeId): CustomType | undefined =>
  world.store.in(customTypes).get(keyOfCustomType(id, at));

/** The custom type of that id. Throws ActionTypeNotFoundException. */
export function customType(world: World, at: Place, id: CustomTypeId): CustomType {
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

/** Why a custom type cannot go: the pipeline that uses it. */
export const userOf = (world: World, { account, region }: Place, id: CustomTypeId): string | undefined =>
  world.store
    .in(pipelines)
    .where((row) => row.account === account && row.region === region)
    .find(({ stages }) =>
      stages.some(({ actions }) =>
        actions.some(
          ({ owner, category, provider, version }) =>
            owner === 'Custom' && category === id.category && provider === id.provider && version === id.version,
        ),
      ),
    )?.name;
