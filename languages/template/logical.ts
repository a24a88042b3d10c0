import { asList, asText, type Context, type Intrinsic, templateError } from './context.ts';
import { shown } from './refusals.ts';

/** `Fn::If`: the second or the third element, as the condition that the first names holds or not. */
export const If: Intrinsic = (argument, context) => {
  const [name, whenTrue, whenFalse] = argument as [string, unknown, unknown];
  return namedCondition(name, context) ? context.resolve(whenTrue, 1) : context.resolve(whenFalse, 2);
};

/** `Condition`, inside conditions: another condition by its name. */
export const Condition: Intrinsic = (argument, context) => namedCondition(argument as string, context);

/** `Fn::Equals`: two values are the same. */
export const Equals: Intrinsic = (argument, context) => {
  const [left, right] = (argument as unknown[]).map((side, index) => comparable(context.resolve(side, index)));
  return left === right;
};

/** `Fn::And` of 2 to 10 conditions. */
export const And: Intrinsic = (argument, context) => several(argument, context).every(Boolean);

/** `Fn::Or` of 2 to 10 conditions. */
export const Or: Intrinsic = (argument, context) => several(argument, context).some(Boolean);

/** `Fn::Not` of one condition. */
export const Not: Intrinsic = (argument, context) => {
  const [inner] = argument as [unknown];
  return !truth(context.resolve(inner, 0), context);
};

/** `Fn::Contains`, in rules: a list holds a value. Source: "Rules" in the CloudFormation guide. */
export const Contains: Intrinsic = (argument, context) => {
  const [list, value] = argument as [unknown, unknown];
  const wanted = comparable(context.resolve(value, 1));
  return asList(context.resolve(list, 0), context, 'the first parameter of Fn::Contains')
    .map(comparable)
    .includes(wanted);
};

/** `Fn::EachMemberEquals`, in rules: every element of a list is a value. */
export const EachMemberEquals: Intrinsic = (argument, context) => {
  const [list, value] = argument as [unknown, unknown];
  const wanted = asText(context.resolve(value, 1), context, 'the second parameter of Fn::EachMemberEquals');
  const members = asList(context.resolve(list, 0), context, 'the first parameter of Fn::EachMemberEquals');
  return members.every((member) => comparable(member) === wanted);
};

/** `Fn::EachMemberIn`, in rules: every element of a list is in another. */
export const EachMemberIn: Intrinsic = (argument, context) => {
  const [members = [], known = []] = (argument as unknown[]).map((list, index) =>
    asList(context.resolve(list, index), context, 'every parameter of Fn::EachMemberIn').map(comparable),
  );
  return members.every((member) => known.includes(member));
};

function namedCondition(name: string, context: Context): boolean {
  const value = context.condition(name);
  if (value === undefined)
    throw templateError(
      context,
      `Template format error: Unresolved condition dependency ${name} in the ${context.logical ? 'Conditions' : 'Resources'} block of the template`,
    );
  return value;
}

function several(argument: unknown, context: Context): boolean[] {
  return (argument as unknown[]).map((item, index) => truth(context.resolve(item, index), context));
}

function truth(value: unknown, context: Context): boolean {
  if (value === true || value === 'true') return true;
  if (value === false || value === 'false') return false;
  throw templateError(context, `Template error: a condition is true or false, not ${shown(value)}`);
}

/** Parameters are texts, so that 3 in the template equals the parameter's "3". */
function comparable(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? 'AWS::NoValue');
}
