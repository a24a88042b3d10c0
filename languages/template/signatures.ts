import { isObject } from './refusals.ts';
import { getAttArgument, subArgument, subParts } from './sub.ts';

/** What an intrinsic function takes: a list of so many elements, and AWS's text for anything else. */
interface Signature {
  readonly least: number;
  readonly most: number;
  readonly text: string;
}

const takes = (least: number, most: number, text: string): Signature => ({
  least,
  most,
  text: `Template error: ${text}`,
});

/** The functions whose argument is a list. Texts as CloudFormation words them, as far as they are known. */
const lists: Readonly<Record<string, Signature>> = {
  'Fn::And': takes(2, 10, 'every Fn::And object requires a list of at least 2 and at most 10 boolean parameters.'),
  'Fn::Cidr': takes(
    2,
    3,
    'every Fn::Cidr object requires (1) an IP block, (2) a count from 1 to 256 and, optionally, (3) the host bits of each block',
  ),
  'Fn::Contains': takes(2, 2, 'every Fn::Contains object requires a list and a value.'),
  'Fn::EachMemberEquals': takes(2, 2, 'every Fn::EachMemberEquals object requires a list and a value.'),
  'Fn::EachMemberIn': takes(2, 2, 'every Fn::EachMemberIn object requires two lists.'),
  'Fn::Equals': takes(2, 2, 'every Fn::Equals object requires a list of 2 string parameters.'),
  'Fn::FindInMap': takes(
    3,
    4,
    'every Fn::FindInMap object requires three parameters, the map name, map key and the attribute for return value',
  ),
  'Fn::If': takes(3, 3, 'Fn::If requires a list argument with three elements'),
  'Fn::Join': takes(
    2,
    2,
    'every Fn::Join object requires two parameters, (1) a string delimiter and (2) a list of strings to be joined or a function that returns a list of strings (such as Fn::GetAZs) to be joined.',
  ),
  'Fn::Not': takes(1, 1, 'every Fn::Not object requires a list of 1 boolean parameter.'),
  'Fn::Or': takes(2, 10, 'every Fn::Or object requires a list of at least 2 and at most 10 boolean parameters.'),
  'Fn::Select': takes(2, 2, 'Fn::Select requires a list argument with two elements: an integer index and a list'),
  'Fn::Split': takes(
    2,
    2,
    'every Fn::Split object requires two parameters, (1) a string delimiter and (2) a string to be split or a function that returns a string to be split.',
  ),
};

/** What is wrong with the argument of a function, before any of it is resolved; undefined when it is well formed. */
export function malformed(name: string, argument: unknown): string | undefined {
  const signature = Object.hasOwn(lists, name) ? lists[name] : undefined;
  if (signature) {
    const length = Array.isArray(argument) ? argument.length : -1;
    if (length < signature.least || length > signature.most) return signature.text;
  }
  return Object.hasOwn(others, name) ? others[name]?.(argument) : undefined;
}

const others: Readonly<Record<string, (argument: unknown) => string | undefined>> = {
  Ref: (argument) =>
    typeof argument === 'string'
      ? undefined
      : 'Template format error: every Ref object must have a single String value.',
  Condition: (argument) =>
    typeof argument === 'string' ? undefined : 'Template format error: every Condition member must be a string.',
  'Fn::GetAtt': (argument) =>
    getAttArgument(argument)
      ? undefined
      : 'Template error: every Fn::GetAtt object requires two non-empty parameters, the resource name and the resource attribute',
  'Fn::If': (argument) =>
    Array.isArray(argument) && typeof argument[0] === 'string'
      ? undefined
      : 'Template error: Fn::If requires a list argument with the first element being a condition',
  'Fn::Join': (argument) => delimiter('Fn::Join', argument, true),
  'Fn::Split': (argument) => delimiter('Fn::Split', argument, false),
  'Fn::Sub': (argument) => {
    const read = subArgument(argument);
    const parts = read && subParts(read.text);
    if (!parts)
      return "Template error: One or more Fn::Sub intrinsic functions don't specify expected arguments. Specify a string as first argument, and an optional second argument to specify a mapping of values to replace in the string";
    if ('malformed' in parts)
      return `Template error: variable names in Fn::Sub syntax must contain only alphanumeric characters, underscores, periods, and colons; not '${parts.malformed}'`;
    return undefined;
  },
  'Fn::ToJsonString': (argument) =>
    Array.isArray(argument) || isObject(argument)
      ? undefined
      : 'Template error: Fn::ToJsonString requires an object or a list',
};

function delimiter(name: string, argument: unknown, mayBeEmpty: boolean): string | undefined {
  const [text] = argument as unknown[];
  if (typeof text === 'string' && (mayBeEmpty || text !== '')) return undefined;
  return `Template error: the delimiter of ${name} must be a string${mayBeEmpty ? '' : ' that is not empty'}`;
}
