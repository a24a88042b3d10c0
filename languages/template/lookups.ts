import { didYouMean } from '../yaml/nearest.ts';
import { asText, type Context, type Intrinsic, noValue, templateError } from './context.ts';
import { isObject } from './refusals.ts';
import { own } from './section.ts';
import { getAttArgument } from './sub.ts';
import type { PseudoParameters, ResourceValues } from './types.ts';

const pseudoParameters: Readonly<Record<string, (pseudo: PseudoParameters) => unknown>> = {
  'AWS::AccountId': ({ accountId }) => accountId,
  'AWS::NoValue': () => noValue,
  'AWS::NotificationARNs': ({ notificationArns }) => [...notificationArns],
  'AWS::Partition': ({ partition }) => partition,
  'AWS::Region': ({ region }) => region,
  'AWS::StackId': ({ stackId }) => stackId,
  'AWS::StackName': ({ stackName }) => stackName,
  'AWS::URLSuffix': ({ urlSuffix }) => urlSuffix,
};

/** `Ref`: a pseudo parameter, a parameter, or the id of a resource. */
export const Ref: Intrinsic = (argument, context) => valueOf(argument as string, context);

/** What a name refers to, for `Ref` and for the variables of `Fn::Sub`. */
export function valueOf(name: string, context: Context): unknown {
  if (name.startsWith('AWS::')) return pseudoParameter(name, context);
  const parameter = own(context.scope.parameters, name);
  return parameter ?? resourceOf(name, context).ref;
}

/** `Fn::GetAtt`: an attribute of a resource. */
export const GetAtt: Intrinsic = (argument, context) => {
  const { logicalId, attribute } = getAttArgument(argument) ?? { logicalId: '', attribute: '' };
  const name = asText(context.resolve(attribute, 1), context, 'the attribute of Fn::GetAtt');
  return attributeOf(logicalId, name, context);
};

/** An attribute of a resource, for `Fn::GetAtt` and for `${Id.Attribute}` in `Fn::Sub`. */
export function attributeOf(logicalId: string, attribute: string, context: Context): unknown {
  const { attributes } = resourceOf(logicalId, context, 'instance of Fn::GetAtt references undefined resource');
  const value = own(attributes, attribute) ?? nested(attributes, attribute);
  if (value !== undefined) return value;
  throw templateError(
    context,
    `Template error: resource ${logicalId} does not support attribute type ${attribute} in Fn::GetAtt`,
  );
}

/**
 * `Fn::FindInMap`, with its default value. This came with `AWS::LanguageExtensions` and is accepted without that transform since 2026, so it is here.
 * Source: "Fn::FindInMap enhancements" of the template reference; cfn-lint, issue 4627.
 */
export const FindInMap: Intrinsic = (argument, context) => {
  const parts = argument as unknown[];
  const keys = parts
    .slice(0, 3)
    .map((part, index) => asText(context.resolve(part, index), context, 'a key of Fn::FindInMap'));
  const [map = '', key = '', attribute = ''] = keys;
  const row = own((own(context.scope.mappings ?? {}, map) as Record<string, unknown> | undefined) ?? {}, key);
  const value = isObject(row) ? own(row, attribute) : undefined;
  if (value !== undefined) return value;
  if (isObject(parts[3]) && 'DefaultValue' in parts[3])
    return context.resolve(parts[3]['DefaultValue'], 3, 'DefaultValue');
  throw templateError(context, `Template error: Unable to get mapping for ${map}::${key}::${attribute}`);
};

/** `Fn::GetAZs`: the zones of a region, of the stack's own when the name is empty. */
export const GetAZs: Intrinsic = (argument, context) => {
  const region = asText(context.resolve(argument), context, 'the region of Fn::GetAZs') || context.scope.pseudo.region;
  return [...(context.scope.availabilityZones?.(region) ?? ['a', 'b', 'c'].map((zone) => region + zone))];
};

/** `Fn::ImportValue`: another stack's export. */
export const ImportValue: Intrinsic = (argument, context) => {
  const name = asText(context.resolve(argument), context, 'the attribute in Fn::ImportValue');
  const value = context.scope.importValue?.(name);
  if (value === undefined) throw templateError(context, `No export named ${name} found.`);
  return value;
};

function pseudoParameter(name: string, context: Context): unknown {
  const read = own(pseudoParameters, name);
  if (!read)
    throw templateError(
      context,
      `unknown pseudo parameter ${name}: ${didYouMean(name, Object.keys(pseudoParameters))}`,
    );
  return read(context.scope.pseudo);
}

function resourceOf(logicalId: string, context: Context, text?: string): ResourceValues {
  const resource = context.logical ? undefined : context.scope.resource?.(logicalId);
  if (resource) return resource;
  if (context.logical)
    throw templateError(
      context,
      `Template format error: Unresolved dependencies [${logicalId}]. Cannot reference resources in the Conditions block of the template`,
    );
  throw templateError(
    context,
    text
      ? `Template error: ${text} ${logicalId}`
      : `Template format error: Unresolved resource dependencies [${logicalId}] in the Resources block of the template`,
  );
}

/** Attributes of nested objects are named with dots: `Endpoint.Address`. */
function nested(attributes: Readonly<Record<string, unknown>>, attribute: string): unknown {
  let value: unknown = attributes;
  for (const step of attribute.split('.')) value = isObject(value) ? own(value, step) : undefined;
  return value;
}
