import { didYouMean } from '../yaml/nearest.ts';
import { checkIntrinsics } from './check-intrinsics.ts';
import { expandLiteralLoops, isLoop } from './loops.ts';
import { readParameters } from './parameter-definitions.ts';
import { readTemplateText } from './read.ts';
import { isObject, shown } from './refusals.ts';
import { readSection, type Section } from './section.ts';
import type { OutputDefinition, ResourceDefinition, RuleDefinition, Template } from './types.ts';

const sections = [
  ...['AWSTemplateFormatVersion', 'Description', 'Metadata', 'Transform', 'Parameters', 'Mappings', 'Conditions'],
  ...['Rules', 'Resources', 'Outputs', 'Hooks', 'Globals'],
];
const resourceKeys = [
  ...['Type', 'Properties', 'DependsOn', 'Condition', 'Metadata', 'DeletionPolicy', 'UpdateReplacePolicy'],
  ...['CreationPolicy', 'UpdatePolicy'],
];
const outputKeys = ['Value', 'Description', 'Condition', 'Export'];
const knownTransforms = ['AWS::LanguageExtensions'];
const policies = ['Delete', 'Retain', 'RetainExceptOnCreate', 'Snapshot'];

/** Entries that one template may have. Source: CloudFormation quotas. */
const quotas = { Resources: 500, Parameters: 200, Mappings: 200, Outputs: 200 } as const;
const longestDescriptionBytes = 1024;

/**
 * Reads a CloudFormation template, JSON or YAML with short forms. Refuses with `TemplateInvalid`, file, line and column:
 * malformed text, unknown sections and resource attributes, unknown or malformed intrinsic functions, macros.
 * Source: "Template anatomy" in the CloudFormation guide.
 */
export function parseTemplate(text: string, file = 'template'): Template {
  const { value, at } = readTemplateText(text, file);
  return templateOf(value, at, file);
}

/** The template of plain values, as {@link parseTemplate} and the expansion of loops make it. */
export function templateOf(value: unknown, at: Template['at'], file: string): Template {
  const whole = readSection(value, { at, path: [], what: 'the template' });
  whole.allowOnly(sections);
  const version = whole.value['AWSTemplateFormatVersion'];
  if (version !== undefined && version !== '2010-09-09')
    throw whole.refusal(`Template format error: unsupported value for AWSTemplateFormatVersion, ${shown(version)}.`);
  for (const section of ['Hooks', 'Globals'])
    if (section in whole.value) throw whole.refusal(`the section ${section} is not supported`, [section]);
  checkQuotas(whole);
  const transforms = readTransforms(whole);
  checkIntrinsics(whole, transforms);
  const source = expandLiteralLoops(whole.value, transforms, at);
  const expanded = readSection(source, { at, path: [], what: 'the template' });
  if (transforms.length > 0) checkQuotas(expanded);
  return {
    file,
    description: expanded.text('Description'),
    metadata: source['Metadata'],
    transforms,
    parameters: readParameters(expanded.section('Parameters')),
    mappings: readMappings(expanded.section('Mappings')),
    conditions: withoutLoops(expanded.section('Conditions').value),
    rules: expanded.section('Rules').map(readRule),
    resources: readResources(expanded, transforms),
    outputs: expanded.section('Outputs').without(isLoop).map(readOutput),
    source,
    at,
  };
}

function checkQuotas(whole: Section): void {
  for (const [name, most] of Object.entries(quotas)) {
    const section = whole.section(name);
    const count = Object.keys(section.value).length;
    if (count > most)
      throw section.refusal(
        `Template format error: Number of ${name.toLowerCase()}, ${count}, is greater than maximum allowed, ${most}`,
      );
  }
  if (Buffer.byteLength(whole.text('Description') ?? '') > longestDescriptionBytes)
    throw whole.refusal(`Template format error: 'Description' length is greater than ${longestDescriptionBytes}.`, [
      'Description',
    ]);
}

function withoutLoops(value: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).filter(([key]) => !isLoop(key)));
}

function readTransforms(whole: Section): string[] {
  const given = whole.value['Transform'] ?? [];
  const transforms = Array.isArray(given) ? given : [given];
  for (const transform of transforms)
    if (typeof transform !== 'string' || !knownTransforms.includes(transform))
      throw whole.refusal(`the transform ${shown(transform)} is a macro that runs in AWS; it is refused here`, [
        'Transform',
      ]);
  return transforms as string[];
}

function readMappings(section: Section): Template['mappings'] {
  return section.map((mapping) => mapping.map((row) => row.value));
}

function readRule(rule: Section): RuleDefinition {
  rule.allowOnly(['RuleCondition', 'Assertions']);
  const assertions = rule.value['Assertions'];
  if (!Array.isArray(assertions)) throw rule.refusal('a rule needs a list of Assertions');
  return {
    condition: rule.value['RuleCondition'],
    assertions: assertions.map((assertion: unknown, index) => {
      if (!isObject(assertion) || !('Assert' in assertion))
        throw rule.refusal('every assertion needs an Assert', ['Assertions', index]);
      const description = assertion['AssertDescription'];
      return { assert: assertion['Assert'], description: typeof description === 'string' ? description : undefined };
    }),
  };
}

function readResources(whole: Section, transforms: readonly string[]): Template['resources'] {
  const section = whole.section('Resources');
  const count = Object.keys(section.value).length;
  if (count === 0)
    throw whole.refusal('Template format error: At least one Resources member must be defined.', ['Resources']);
  return section.without(isLoop).map((resource, logicalId) => readResource(resource, logicalId, transforms));
}

function readResource(resource: Section, logicalId: string, transforms: readonly string[]): ResourceDefinition {
  if (!/^[A-Za-z0-9]{1,255}$/.test(logicalId))
    throw resource.refusal(`Template format error: Resource name ${logicalId} is non alphanumeric.`);
  resource.allowOnly(resourceKeys);
  const type = resource.value['Type'];
  if (typeof type !== 'string')
    throw resource.refusal(
      `Template format error: [/Resources/${logicalId}] Every Resources object must contain a Type member.`,
    );
  const dependsOn = resource.value['DependsOn'] ?? [];
  const dependencies: unknown[] = Array.isArray(dependsOn) ? dependsOn : [dependsOn];
  if (!dependencies.every((id) => typeof id === 'string'))
    throw resource.refusal('every DependsOn value must be a logical id or a list of them', ['DependsOn']);
  for (const policy of ['DeletionPolicy', 'UpdateReplacePolicy']) checkPolicy(resource, policy, transforms);
  return {
    type,
    properties: resource.section('Properties').value,
    dependsOn: dependencies,
    condition: resource.text('Condition'),
    deletionPolicy: resource.value['DeletionPolicy'],
    updateReplacePolicy: resource.value['UpdateReplacePolicy'],
    metadata: resource.value['Metadata'],
    creationPolicy: resource.value['CreationPolicy'],
    updatePolicy: resource.value['UpdatePolicy'],
  };
}

/** What becomes of a resource that is deleted or replaced: a word, or under the language extensions a function that gives one. */
function checkPolicy(resource: Section, name: string, transforms: readonly string[]): void {
  const policy = resource.value[name];
  if (policy === undefined || (isObject(policy) && transforms.includes('AWS::LanguageExtensions'))) return;
  if (typeof policy !== 'string')
    throw resource.refusal(`Template format error: Every ${name} member must be a string.`, [name]);
  if (!policies.includes(policy))
    throw resource.refusal(`Template format error: Unrecognized ${name} ${policy}: ${didYouMean(policy, policies)}`, [
      name,
    ]);
}

function readOutput(output: Section, name: string): OutputDefinition {
  output.allowOnly(outputKeys);
  if (!('Value' in output.value))
    throw output.refusal(`Template format error: Output ${name} is malformed: it has no Value.`);
  const exported = output.value['Export'];
  if (exported !== undefined && !(isObject(exported) && Object.keys(exported).join() === 'Name'))
    throw output.refusal('Export must hold a Name and nothing else', ['Export']);
  return {
    value: output.value['Value'],
    description: output.text('Description'),
    condition: output.text('Condition'),
    exportName: isObject(exported) ? exported['Name'] : undefined,
  };
}
