import { asList, asText, type Context, type Intrinsic, noValue, templateError } from './context.ts';
import { attributeOf, valueOf } from './lookups.ts';
import { own } from './section.ts';
import { type SubPart, splitOnce, subArgument, subParts } from './sub.ts';

/** `Fn::Base64` of a text's UTF-8 bytes. */
export const Base64: Intrinsic = (argument, context) =>
  Buffer.from(asText(context.resolve(argument), context, 'the value of Fn::Base64')).toString('base64');

/** `Fn::Join`: a list's texts with a delimiter between. */
export const Join: Intrinsic = (argument, context) => {
  const [delimiter, list] = argument as [string, unknown];
  return asList(context.resolve(list, 1), context, 'the second parameter of Fn::Join')
    .map((item) => asText(item, context, 'every element that Fn::Join joins'))
    .join(delimiter);
};

/** `Fn::Split`: the pieces of a text between delimiters. */
export const Split: Intrinsic = (argument, context) => {
  const [delimiter, text] = argument as [string, unknown];
  return asText(context.resolve(text, 1), context, 'the second parameter of Fn::Split').split(delimiter);
};

/** `Fn::Select`: one element of a list, counted from 0. */
export const Select: Intrinsic = (argument, context) => {
  const [index, list] = argument as [unknown, unknown];
  const position = asText(context.resolve(index, 0), context, 'the index of Fn::Select');
  const values = asList(context.resolve(list, 1), context, 'the second element of Fn::Select');
  const value = /^\d{1,9}$/.test(position) ? values[Number(position)] : undefined;
  if (value === undefined)
    throw templateError(context, `Template error: Fn::Select  cannot select nonexistent value at index ${position}`);
  return value;
};

/** `Fn::Sub`: a text with variables put in. */
export const Sub: Intrinsic = (argument, context) => {
  const { text, variables } = subArgument(argument) ?? { text: '', variables: {} };
  const parts = subParts(text) as readonly SubPart[];
  return parts.map((part) => ('literal' in part ? part.literal : variable(part.variable, variables, context))).join('');
};

/** `Fn::Length` of a list. Source: AWS::LanguageExtensions. */
export const Length: Intrinsic = (argument, context) =>
  asList(context.resolve(argument), context, 'the value of Fn::Length').length;

/** `Fn::ToJsonString`: an object or list as JSON text. Source: AWS::LanguageExtensions. */
export const ToJsonString: Intrinsic = (argument, context) => {
  const value = context.resolve(argument);
  if (typeof value === 'object' && value !== null) return JSON.stringify(value);
  throw templateError(context, 'Template error: Fn::ToJsonString requires an object or a list');
};

function variable(name: string, variables: Readonly<Record<string, unknown>>, context: Context): string {
  const what = `\${${name}} in Fn::Sub`;
  if (Object.hasOwn(variables, name)) return asText(context.resolve(own(variables, name), 1, name), context, what);
  const [logicalId, attribute] = splitOnce(name);
  const value = attribute === undefined ? valueOf(name, context) : attributeOf(logicalId, attribute, context);
  return value === noValue ? '' : asText(value, context, what);
}
