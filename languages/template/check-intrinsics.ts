import { didYouMean } from '../yaml/nearest.ts';
import { intrinsicCall, intrinsics, logicalFunctions } from './intrinsics.ts';
import { isLoop } from './loops.ts';
import { isObject } from './refusals.ts';
import type { Section } from './section.ts';
import { malformed } from './signatures.ts';

type Path = readonly (string | number)[];

const deepestValue = 100;
const mostValues = 200_000;

/** Functions that exist in AWS and are refused, each with the reason. */
export const refusedFunctions: Readonly<Record<string, string>> = {
  'Fn::Transform': 'it calls a macro that runs in AWS',
  'Fn::GetArtifactAtt': "it belongs to CodePipeline's ParameterOverrides, not to templates",
  'Fn::GetParam': "it belongs to CodePipeline's ParameterOverrides, not to templates",
  'Fn::GetStackOutput': 'reading the outputs of other stacks is not played; use Fn::ImportValue or a parameter',
  'Fn::RefAll': 'it asks for the parameters of the whole account, which is not played',
  'Fn::ValueOf': 'attributes of parameter values are not played',
  'Fn::ValueOfAll': 'attributes of parameter values are not played',
};
const extensions = ['Fn::Length', 'Fn::ToJsonString'];

interface Walk {
  readonly transforms: readonly string[];
  /** Names of conditions; undefined while loops have yet to make some. */
  readonly conditions: readonly string[] | undefined;
  readonly refusal: Section['refusal'];
  values: number;
}

/**
 * Refuses unknown, misplaced, malformed and unsupported functions, unknown conditions, nulls, and values that nest too deeply,
 * before anything is resolved.
 */
export function checkIntrinsics(template: Section, transforms: readonly string[]): void {
  const names = Object.keys(template.section('Conditions').value);
  const conditions = names.some(isLoop) ? undefined : names;
  const walk: Walk = { transforms, conditions, refusal: (text, path) => template.refusal(text, path), values: 0 };
  for (const section of ['Conditions', 'Rules']) check(template.value[section], [section], walk, true);
  for (const section of ['Resources', 'Outputs', 'Mappings', 'Parameters'])
    check(template.value[section], [section], walk, false);
}

/** One path serves the whole walk: templates are large, and only a refusal reads it. */
function check(value: unknown, path: (string | number)[], walk: Walk, logical: boolean): void {
  if (path.length > deepestValue) throw walk.refusal(`nested deeper than ${deepestValue} levels`, path.slice(0, 5));
  if (++walk.values > mostValues) throw walk.refusal(`the template holds more than ${mostValues} values`, []);
  if (value === null) throw walk.refusal(`[/${path.join('/')}] 'null' values are not allowed in templates`, path);
  if (Array.isArray(value))
    for (const [index, item] of value.entries()) {
      path.push(index);
      check(item, path, walk, logical);
      path.pop();
    }
  if (!isObject(value)) return;
  const keys = Object.keys(value);
  for (const key of keys) {
    path.push(key);
    if (key.startsWith('Fn::')) checkFunction(key, keys, path, walk, logical);
    if (!isLoop(key) && intrinsicCall(value, logical)) checkArgument(key, value[key], path, walk);
    check(value[key], path, walk, logical);
    path.pop();
  }
}

function checkFunction(name: string, keys: readonly string[], at: Path, walk: Walk, logical: boolean): void {
  if (isLoop(name)) return requireExtensions('Fn::ForEach', at, walk);
  const refused = Object.hasOwn(refusedFunctions, name) ? refusedFunctions[name] : undefined;
  if (refused !== undefined) throw walk.refusal(`the function ${name} is refused: ${refused}`, at);
  if (!Object.hasOwn(intrinsics, name))
    throw walk.refusal(`unknown function ${name}: ${didYouMean(name, Object.keys(intrinsics))}`, at);
  if (keys.length > 1)
    throw walk.refusal(
      `${name} must be the only key of its object, but beside it is ${keys.find((key) => key !== name)}`,
      at,
    );
  if (!logical && logicalFunctions.includes(name))
    throw walk.refusal(`${name} may stand in Conditions and Rules only; use Fn::If with the name of a condition`, at);
  if (extensions.includes(name)) requireExtensions(name, at, walk);
}

function checkArgument(name: string, argument: unknown, at: Path, walk: Walk): void {
  const problem = malformed(name, argument);
  if (problem !== undefined) throw walk.refusal(problem, at);
  const condition =
    name === 'Fn::If' ? (argument as [string])[0] : name === 'Condition' ? (argument as string) : undefined;
  if (condition !== undefined && walk.conditions && !walk.conditions.includes(condition))
    throw walk.refusal(
      `Template format error: Unresolved condition dependency ${condition} in the ${at[0]} block of the template`,
      at,
    );
}

function requireExtensions(name: string, at: Path, walk: Walk): void {
  if (!walk.transforms.includes('AWS::LanguageExtensions'))
    throw walk.refusal(`${name} needs the line 'Transform: AWS::LanguageExtensions' in the template`, at);
}
