import { Cidr } from './cidr.ts';
import type { Intrinsic } from './context.ts';
import { And, Condition, Contains, EachMemberEquals, EachMemberIn, Equals, If, Not, Or } from './logical.ts';
import { FindInMap, GetAtt, GetAZs, ImportValue, Ref } from './lookups.ts';
import { Base64, Join, Length, Select, Split, Sub, ToJsonString } from './texts.ts';

/** Every intrinsic function that is known, by its key. `Fn::ForEach::…` is expanded before (loops.ts). */
export const intrinsics: Readonly<Record<string, Intrinsic>> = {
  Condition,
  Ref,
  'Fn::And': And,
  'Fn::Base64': Base64,
  'Fn::Cidr': Cidr,
  'Fn::Contains': Contains,
  'Fn::EachMemberEquals': EachMemberEquals,
  'Fn::EachMemberIn': EachMemberIn,
  'Fn::Equals': Equals,
  'Fn::FindInMap': FindInMap,
  'Fn::GetAZs': GetAZs,
  'Fn::GetAtt': GetAtt,
  'Fn::If': If,
  'Fn::ImportValue': ImportValue,
  'Fn::Join': Join,
  'Fn::Length': Length,
  'Fn::Not': Not,
  'Fn::Or': Or,
  'Fn::Select': Select,
  'Fn::Split': Split,
  'Fn::Sub': Sub,
  'Fn::ToJsonString': ToJsonString,
};

/** Functions of `Conditions` and `Rules` alone. Everywhere else they are refused, and `Condition` is a property. */
export const logicalFunctions: readonly string[] = [
  ...['Condition', 'Fn::And', 'Fn::Equals', 'Fn::Not', 'Fn::Or'],
  ...['Fn::Contains', 'Fn::EachMemberEquals', 'Fn::EachMemberIn'],
];

/** The intrinsic function that an object calls: one key, and that the function's name. */
export function intrinsicCall(
  value: Readonly<Record<string, unknown>>,
  logical: boolean,
): { readonly name: string; readonly argument: unknown } | undefined {
  const [name, ...others] = Object.keys(value);
  if (name === undefined || others.length > 0 || !Object.hasOwn(intrinsics, name)) return undefined;
  if (!logical && logicalFunctions.includes(name)) return undefined;
  return { name, argument: value[name] };
}
