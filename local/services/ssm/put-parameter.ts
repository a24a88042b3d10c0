import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { principalName } from '../../world/principal.ts';
import { operation, type Place } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { findKey } from '../kms/access.ts';
import { seal } from '../kms/cipher.ts';
import { parameterAccess, parameterKeyAccess } from './find.ts';
import { checkName, tierOf } from './limits.ts';
import { type Parameter, type ParameterVersion, parameterArn, parameters } from './tables.ts';

/** What a new version of a parameter is made of. */
export type NewVersion = Pick<Parameter, 'name' | 'type' | 'value'> &
  Partial<Pick<Parameter, 'keyId' | 'description' | 'tier' | 'dataType' | 'modifiedBy' | 'tags'>>;

/** Writes a parameter's next version. Throws ParameterMaxVersionLimitExceeded. */
export function writeParameter(world: World, at: Place, wanted: NewVersion): Parameter {
  const arn = parameterArn(wanted.name, at);
  const known = world.store.in(parameters).get(arn);
  const { tags, name, ...version } = wanted;
  const parameter: Parameter = {
    tier: known?.tier ?? 'Standard',
    dataType: 'text',
    modifiedBy: `arn:aws:iam::${at.account}:root`,
    ...(known?.description === undefined ? {} : { description: known.description }),
    ...version,
    ...sealedValue(world, arn, at, wanted),
    name,
    arn,
    account: at.account,
    region: at.region,
    tags: tags ?? known?.tags ?? {},
    version: (known?.version ?? 0) + 1,
    labels: [],
    modifiedAt: world.clock.date().toISOString(),
    history: known === undefined ? [] : older(known),
  };
  world.store.in(parameters).put(arn, parameter);
  return parameter;
}

/** 100 versions are kept; the oldest gives way unless it has a label. Source: the Systems Manager guide, "Working with parameter versions". */
function older({ history, name, arn, account, region, tags, ...newest }: Parameter): readonly ParameterVersion[] {
  if (history.length < 99) return [...history, newest];
  const [oldest, ...rest] = history;
  if (oldest?.labels.length)
    throw new AwsError(
      'ParameterMaxVersionLimitExceeded',
      `You attempted to create a new version of ${name} by calling the PutParameter API with the overwrite flag. Version ${oldest.version}, the oldest version, can't be deleted because it has a label associated with it. Move the label to another version of the parameter, and try again.`,
    );
  return [...rest, newest];
}

/** Under a customer key the ciphertext is real; under the account's own key it is something that nobody can open. */
function sealedValue(world: World, arn: string, at: Place, { type, value, keyId }: NewVersion): { sealed?: string } {
  if (type !== 'SecureString') return {};
  const sealed =
    keyId === undefined
      ? Buffer.from(world.chance.hex(2 * (value.length + 64)), 'hex')
      : seal(world, findKey(world, keyId, at), Buffer.from(value), { PARAMETER_ARN: arn });
  return { sealed: sealed.toString('base64') };
}

/** Creates a parameter, or overwrites it when asked to. */
export const putParameter = operation({
  simplified:
    'AllowedPattern and Policies are refused; without KeyId, what a SecureString shows undecrypted cannot be decrypted with KMS.',
  input: z.object({
    Name: z.string().regex(/^[\w./-]{1,1011}$/),
    Value: z.string().min(1),
    Type: z.enum(['String', 'StringList', 'SecureString']).optional(),
    KeyId: z.string().optional(),
    Description: z.string().max(1024).optional(),
    Overwrite: z.boolean().default(false),
    Tier: z.enum(['Standard', 'Advanced', 'Intelligent-Tiering']).optional(),
    DataType: z.literal('text').default('text'),
    AllowedPattern: z.never('AllowedPattern is not played by the local cloud').optional(),
    Policies: z.never('Policies are not played by the local cloud').optional(),
    Tags: z.array(z.object({ Key: z.string().min(1), Value: z.string() })).default([]),
  }),
  access: ({ Name, KeyId, Overwrite, Tags }, call) => {
    const tags = Object.fromEntries(Tags.map(({ Key, Value }) => [`aws:RequestTag/${Key}`, Value]));
    const context = { 'ssm:Overwrite': String(Overwrite), ...tags };
    return [
      parameterAccess('PutParameter', call, Name, context),
      ...(Tags.length === 0 ? [] : [parameterAccess('AddTagsToResource', call, Name, context)]),
      ...parameterKeyAccess(call.world, 'Encrypt', {
        ...call,
        arn: parameterArn(Name, call),
        keyId: ownKey(KeyId),
      }),
    ];
  },
  run: ({ Name: name, Value: value, Type, KeyId, Description, Overwrite, Tier, DataType, Tags }, call) => {
    const known = call.world.store.in(parameters).get(parameterArn(name, call));
    checkName(name);
    if (Overwrite && Tags.length > 0)
      throw invalid(
        "Invalid request: tags and overwrite can't be used together. To create a parameter with tags, please remove overwrite flag. To update tags for an existing parameter, please use AddTagsToResource or RemoveTagsFromResource.",
      );
    if (known !== undefined && !Overwrite)
      throw new AwsError(
        'ParameterAlreadyExists',
        'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
      );
    const type = Type ?? known?.type;
    if (type === undefined) throw invalid('A parameter type is required when you create a parameter.');
    if (known !== undefined && known.type !== type)
      throw new AwsError(
        'HierarchyTypeMismatchException',
        `You can't change the type of parameter ${name} from ${known.type} to ${type}.`,
      );
    const keyId =
      type === 'SecureString' ? (ownKey(KeyId) ?? (KeyId === undefined ? known?.keyId : undefined)) : undefined;
    const written = writeParameter(call.world, call, {
      name,
      value,
      type,
      tier: tierOf(Tier, value, known?.tier),
      dataType: DataType,
      modifiedBy: principalName(call.caller),
      ...(keyId === undefined ? {} : { keyId }),
      ...(Description === undefined ? {} : { description: Description }),
      ...(known === undefined ? { tags: Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value])) } : {}),
    });
    return { Version: written.version, Tier: written.tier };
  },
});

/** The account's own key of Systems Manager asks nobody for permission. */
const ownKey = (keyId: string | undefined): string | undefined => (keyId === 'alias/aws/ssm' ? undefined : keyId);

const invalid = (text: string) => new AwsError('ValidationException', text);
