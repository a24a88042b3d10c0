import { z } from 'zod';
import { parsePolicy } from '../../../languages/iam-policy/parse.ts';
import { Fault } from '../../../shared/fault.ts';
import { AwsError } from '../../world/failure.ts';
import { flag, policyDocument } from '../../world/properties.ts';
import { operation, resource } from '../../world/service.ts';
import { anySecret, findSecret, requireSecret, secretAccess } from './find.ts';
import { type Secret, secrets } from './tables.ts';

const SecretId = z.string().min(1).max(2048);

/** Refuses a malformed policy, and one for everybody when that is to be blocked. Throws MalformedPolicyDocumentException and PublicPolicyException. */
function checkPolicy(document: unknown, blockPublic: boolean): void {
  const { statements } = parsed(document);
  const open = statements.some(
    ({ effect, principals, conditions }) => effect === 'Allow' && principals?.anyone && conditions.length === 0,
  );
  if (open && blockPublic)
    throw new AwsError('PublicPolicyException', 'You can’t attach a policy that grants broad access to the secret.');
}

function parsed(document: unknown) {
  try {
    return parsePolicy(document, 'resource');
  } catch (error) {
    if (error instanceof Fault) throw new AwsError('MalformedPolicyDocumentException', error.message);
    throw error;
  }
}

/** The policy of a secret, as it was put. */
export const getResourcePolicy = operation({
  input: z.object({ SecretId }),
  access: (input, call) => [secretAccess('GetResourcePolicy', call, input.SecretId)],
  run: (input, call) => {
    const { arn, name, policy, policyText } = anySecret(call, input.SecretId);
    const ResourcePolicy = policyText ?? (policy === undefined ? undefined : JSON.stringify(policy));
    return { ARN: arn, Name: name, ...(ResourcePolicy === undefined ? {} : { ResourcePolicy }) };
  },
});

/** Replaces the policy of a secret. */
export const putResourcePolicy = operation({
  input: z.object({
    SecretId,
    ResourcePolicy: z.string().min(1).max(20_480),
    BlockPublicPolicy: z.boolean().default(false),
  }),
  access: (input, call) => [
    secretAccess('PutResourcePolicy', call, input.SecretId, {
      'secretsmanager:BlockPublicPolicy': String(input.BlockPublicPolicy),
    }),
  ],
  run: ({ ResourcePolicy, BlockPublicPolicy, ...input }, call) => {
    const secret = requireSecret(call, input.SecretId);
    checkPolicy(ResourcePolicy, BlockPublicPolicy);
    const policy: unknown = JSON.parse(ResourcePolicy);
    call.world.store.in(secrets).put(secret.arn, { ...secret, policy, policyText: ResourcePolicy });
    return { ARN: secret.arn, Name: secret.name };
  },
});

/** Takes the policy of a secret away. */
export const deleteResourcePolicy = operation({
  input: z.object({ SecretId }),
  access: (input, call) => [secretAccess('DeleteResourcePolicy', call, input.SecretId)],
  run: (input, call) => {
    const secret = requireSecret(call, input.SecretId);
    call.world.store.in(secrets).put(secret.arn, withoutPolicy(secret));
    return { ARN: secret.arn, Name: secret.name };
  },
});

const withoutPolicy = ({ policy: _policy, policyText: _text, ...secret }: Secret): Secret => secret;

/** AWS::SecretsManager::ResourcePolicy. */
export const resourcePolicy = resource({
  properties: z.strictObject({ SecretId, ResourcePolicy: policyDocument, BlockPublicPolicy: flag.optional() }),
  access: (properties, at, change) => [
    {
      action: change === 'delete' ? 'secretsmanager:DeleteResourcePolicy' : 'secretsmanager:PutResourcePolicy',
      resource: findSecret(at.world, properties.SecretId, at)?.arn ?? properties.SecretId,
    },
  ],
  put: ({ SecretId: id, ResourcePolicy, BlockPublicPolicy }, at) => {
    const secret = findSecret(at.world, id, at);
    if (secret === undefined)
      throw new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
    checkPolicy(ResourcePolicy, BlockPublicPolicy ?? false);
    at.world.store.in(secrets).put(secret.arn, { ...withoutPolicy(secret), policy: ResourcePolicy });
    return { physicalId: secret.arn, attributes: { Id: secret.arn } };
  },
  remove: ({ physicalId }, { world }) => void world.store.in(secrets).update(physicalId, withoutPolicy),
});
