import { AwsError } from '../../world/failure.ts';
import type { Access, Call, Place } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { encryptionContext, findKey, keyAccess } from '../kms/access.ts';
import { type Parameter, type ParameterVersion, parameterArn, parameters } from './tables.ts';

/** A parameter's name or ARN, and the version or label behind its last colon. */
export function selected(text: string): { readonly name: string; readonly selector?: string } {
  const parts = text.split(':');
  const named = text.startsWith('arn:') ? 6 : 1;
  const name = parts.slice(0, named).join(':');
  return parts.length > named ? { name, selector: parts.slice(named).join(':') } : { name };
}

/** A version by number or label; the newest when nothing is said. Undefined when there is none. */
export const versionOf = (parameter: Parameter, selector: string | undefined): ParameterVersion | undefined =>
  selector === undefined
    ? parameter
    : [parameter, ...parameter.history].find(
        ({ version, labels }) => String(version) === selector || labels.includes(selector),
      );

/** Throws ParameterNotFound. */
export function requireParameter(world: World, name: string, at: Place): Parameter {
  const parameter = world.store.in(parameters).get(parameterArn(name, at));
  if (parameter === undefined) throw new AwsError('ParameterNotFound', `Parameter ${name} not found.`);
  return parameter;
}

/** Throws ParameterVersionNotFound. */
export function requireVersion(parameter: Parameter, selector: string | undefined): ParameterVersion {
  const version = versionOf(parameter, selector);
  if (version === undefined)
    throw new AwsError(
      'ParameterVersionNotFound',
      `Systems Manager could not find version ${selector} of ${parameter.name}. Verify the version and try again.`,
    );
  return version;
}

/** The value that CloudFormation puts in for a reference, as `/orders/size:3`; SecureStrings are not given. */
export function plainValue(world: World, reference: string, at: Place): string | undefined {
  const { name, selector } = selected(reference);
  const parameter = world.store.in(parameters).get(parameterArn(name, at));
  const version = parameter && versionOf(parameter, selector);
  return version?.type === 'SecureString' ? undefined : version?.value;
}

/** The question for an action on a parameter. */
export function parameterAccess(
  action: string,
  call: Omit<Call, 'cause'>,
  name: string,
  context: Access['context'] = {},
): Access {
  const resource = parameterArn(name, call);
  const tags = Object.entries(call.world.store.in(parameters).get(resource)?.tags ?? {}).flatMap(([key, value]) => [
    [`aws:ResourceTag/${key}`, value],
    [`ssm:resourceTag/${key}`, value],
  ]);
  return {
    action: `ssm:${action}`,
    resource,
    context: { ...Object.fromEntries(tags), ...context } as NonNullable<Access['context']>,
  };
}

/** The question to a SecureString's customer key; its encryption context is the parameter. */
export function parameterKeyAccess(
  world: World,
  action: 'Encrypt' | 'Decrypt',
  { arn, keyId, ...place }: Pick<Parameter, 'arn' | 'account' | 'region'> & { readonly keyId?: string | undefined },
): readonly Access[] {
  if (keyId === undefined) return [];
  const key = findKey(world, keyId, place);
  return [keyAccess(world, action, key, 'ssm', encryptionContext({ PARAMETER_ARN: arn }))];
}
