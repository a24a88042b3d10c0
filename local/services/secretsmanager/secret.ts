import { z } from 'zod';
import { upperAlphanumeric } from '../../world/chance.ts';
import { AwsError } from '../../world/failure.ts';
import { tags } from '../../world/properties.ts';
import { resource } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { makeSecret } from './make-secret.ts';
import { passwordShape, randomPassword } from './random-password.ts';
import { type Secret, secrets } from './tables.ts';
import { withVersion } from './versions.ts';

const generated = z.strictObject({
  ...passwordShape,
  GenerateStringKey: z.string().optional(),
  SecretStringTemplate: z.string().optional(),
});

const properties = z.strictObject({
  Name: z.string().optional(),
  Description: z.string().optional(),
  KmsKeyId: z.string().optional(),
  SecretString: z.string().optional(),
  GenerateSecretString: generated.optional(),
  Tags: tags.optional(),
});

type Written = z.output<typeof properties>;

/** AWS::SecretsManager::Secret. A generated value is generated once; a removed secret is gone at once, as when CloudFormation removes it. */
export const secret = resource({
  properties,
  access: ({ Name }, { account, region, stackName }, change) => {
    const resource = `arn:aws:secretsmanager:${region}:${account}:secret:${Name ?? `${stackName}-*`}`;
    const action = { create: 'CreateSecret', update: 'UpdateSecret', delete: 'DeleteSecret' }[change];
    const random = change === 'create' ? [{ action: 'secretsmanager:GetRandomPassword', resource: '*' }] : [];
    return [{ action: `secretsmanager:${action}`, resource }, ...random];
  },
  put: (wanted, at, previous) => {
    const { world, logicalId } = at;
    const known = previous === undefined ? undefined : world.store.in(secrets).get(previous.physicalId);
    const own: Pick<Secret, 'tags' | 'description' | 'kmsKeyId'> = {
      tags: { ...at.tags, ...Object.fromEntries((wanted.Tags ?? []).map(({ Key, Value }) => [Key, Value])) },
      ...(wanted.Description === undefined ? {} : { description: wanted.Description }),
      ...(wanted.KmsKeyId === undefined ? {} : { kmsKeyId: wanted.KmsKeyId }),
    };
    if (known !== undefined && (wanted.Name === undefined || wanted.Name === known.name)) {
      const { description: _text, kmsKeyId: _key, ...kept } = known;
      const value = changedValue(world, wanted, previous?.properties);
      const createdAt = world.clock.date().toISOString();
      const version = value && { id: world.chance.uuid(), stages: ['AWSCURRENT'], value: { text: value }, createdAt };
      const after = { ...kept, ...own };
      world.store.in(secrets).put(known.arn, version ? withVersion(after, version) : after);
      return { physicalId: known.arn, attributes: { Id: known.arn } };
    }
    const name = wanted.Name ?? `${logicalId.slice(0, 51)}-${world.chance.text(12, upperAlphanumeric)}`;
    const text = valueOf(world, wanted);
    const made = makeSecret(world, at, { ...own, name }, text === undefined ? undefined : { text });
    return { physicalId: made.arn, attributes: { Id: made.arn } };
  },
  remove: ({ physicalId }, { world }) => void world.store.in(secrets).delete(physicalId),
});

/** The value of a new secret. A secret that says nothing about it has none. */
function valueOf(world: World, { SecretString, GenerateSecretString: generate }: Written): string | undefined {
  if (SecretString !== undefined && generate !== undefined)
    throw new AwsError('InvalidRequestException', 'You can’t specify both SecretString and GenerateSecretString.');
  if (generate === undefined) return SecretString;
  const password = randomPassword(world.chance, generate);
  const { GenerateStringKey: key, SecretStringTemplate: template } = generate;
  if (key === undefined && template === undefined) return password;
  if (key === undefined || template === undefined)
    throw new AwsError('InvalidRequestException', 'SecretStringTemplate and GenerateStringKey need each other.');
  return JSON.stringify({ ...templateObject(template), [key]: password });
}

function templateObject(template: string): object {
  try {
    const parsed: unknown = JSON.parse(template);
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return parsed;
  } catch {
    // Told below: what a secret is made of stands in no message.
  }
  throw new AwsError('InvalidRequestException', 'SecretStringTemplate is not a JSON object.');
}

function changedValue(world: World, wanted: Written, before: Written | undefined): string | undefined {
  const text = ({ SecretString, GenerateSecretString }: Written) =>
    JSON.stringify([SecretString, GenerateSecretString]);
  return before !== undefined && text(wanted) === text(before) ? undefined : valueOf(world, wanted);
}
