import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { type Access, type Call, operation, type Place } from '../../world/service.ts';
import { anyKey, keyAccess } from './access.ts';
import { aliases, type Key } from './tables.ts';

const aliasName = z.string().max(256).startsWith('alias/');
const arnOf = (name: string, { account, region }: Place): string => `arn:aws:kms:${region}:${account}:${name}`;

/** Permissions are needed on the alias and on the key. Source: the KMS guide, "Controlling access to aliases". */
const bothAccesses = (action: string, name: string, keyId: string, call: Omit<Call, 'cause'>): readonly Access[] => [
  { action: `kms:${action}`, resource: arnOf(name, call) },
  keyAccess(call.world, action, anyKey(call.world, keyId, call)),
];

function put(call: Call, name: string, key: Key): void {
  if (key.deletedAt !== undefined) throw new AwsError('KMSInvalidStateException', `${key.arn} is pending deletion.`);
  const arn = arnOf(name, call);
  call.world.store.in(aliases).put(arn, { name, arn, account: call.account, region: call.region, keyArn: key.arn });
}

function requireAlias(call: Omit<Call, 'cause'>, name: string) {
  const alias = call.world.store.in(aliases).get(arnOf(name, call));
  if (alias === undefined) throw new AwsError('NotFoundException', `Alias ${arnOf(name, call)} is not found.`);
  return alias;
}

/** Names a key. */
export const createAlias = operation({
  input: z.object({ AliasName: aliasName, TargetKeyId: z.string() }),
  access: ({ AliasName, TargetKeyId }, call) => bothAccesses('CreateAlias', AliasName, TargetKeyId, call),
  run: ({ AliasName, TargetKeyId }, call) => {
    if (!/^alias\/[\w/-]+$/.test(AliasName) || AliasName.startsWith('alias/aws/'))
      throw new AwsError('InvalidAliasNameException', `${AliasName} is not a valid alias name; alias/aws/ is reserved`);
    const arn = arnOf(AliasName, call);
    if (call.world.store.in(aliases).has(arn))
      throw new AwsError('AlreadyExistsException', `An alias with the name ${arn} already exists`);
    put(call, AliasName, anyKey(call.world, TargetKeyId, call));
    return {};
  },
});

/** Gives a name to another key of the same kind. */
export const updateAlias = operation({
  input: z.object({ AliasName: aliasName, TargetKeyId: z.string() }),
  access: ({ AliasName, TargetKeyId }, call) => [
    ...bothAccesses('UpdateAlias', AliasName, TargetKeyId, call),
    keyAccess(call.world, 'UpdateAlias', anyKey(call.world, requireAlias(call, AliasName).keyArn, call)),
  ],
  run: ({ AliasName, TargetKeyId }, call) => {
    put(call, AliasName, anyKey(call.world, TargetKeyId, call));
    return {};
  },
});

/** Takes a name away; the key stays. */
export const deleteAlias = operation({
  input: z.object({ AliasName: aliasName }),
  access: ({ AliasName }, call) => bothAccesses('DeleteAlias', AliasName, requireAlias(call, AliasName).keyArn, call),
  run: ({ AliasName }, call) => {
    call.world.store.in(aliases).delete(arnOf(AliasName, call));
    return {};
  },
});
