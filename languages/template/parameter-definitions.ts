import { didYouMean } from '../yaml/nearest.ts';
import { shown } from './refusals.ts';
import type { Section } from './section.ts';
import type { ParameterDefinition } from './types.ts';

const keys = [
  ...['Type', 'Default', 'AllowedValues', 'AllowedPattern', 'ConstraintDescription', 'Description', 'MinLength'],
  ...['MaxLength', 'MinValue', 'MaxValue', 'NoEcho'],
];

/** AWS-specific parameter types. Source: "Parameters" in the CloudFormation guide. */
const awsTypes = [
  ...[
    'AWS::EC2::AvailabilityZone::Name',
    'AWS::EC2::Image::Id',
    'AWS::EC2::Instance::Id',
    'AWS::EC2::KeyPair::KeyName',
  ],
  ...[
    'AWS::EC2::SecurityGroup::GroupName',
    'AWS::EC2::SecurityGroup::Id',
    'AWS::EC2::Subnet::Id',
    'AWS::EC2::Volume::Id',
  ],
  ...['AWS::EC2::VPC::Id', 'AWS::Route53::HostedZone::Id'],
];
const elementTypes = ['String', 'Number', ...awsTypes];
const plainTypes = [
  ...['CommaDelimitedList', 'AWS::SSM::Parameter::Name'],
  ...elementTypes,
  ...elementTypes.map((type) => `List<${type}>`),
];
const parameterTypes = [...plainTypes, ...plainTypes.map((type) => `AWS::SSM::Parameter::Value<${type}>`)];

/** Reads the section `Parameters`; refuses unknown keys, unknown types and defaults that are neither text nor number. */
export function readParameters(section: Section): Record<string, ParameterDefinition> {
  return section.map(readParameter);
}

function readParameter(parameter: Section, name: string): ParameterDefinition {
  parameter.allowOnly(keys);
  const type = parameter.text('Type');
  if (type === undefined)
    throw parameter.refusal(`Template format error: Every Parameters object must contain a Type member (${name}).`);
  if (!parameterTypes.includes(type))
    throw parameter.refusal(
      `Template format error: Unrecognized parameter type: ${type}: ${didYouMean(type, parameterTypes)}`,
      ['Type'],
    );
  const { Default: given, AllowedValues: allowed } = parameter.value;
  return {
    type,
    default: given === undefined ? undefined : scalar(parameter, given, 'Default'),
    allowedValues: allowed === undefined ? undefined : list(parameter, allowed),
    allowedPattern: parameter.text('AllowedPattern'),
    constraintDescription: parameter.text('ConstraintDescription'),
    description: parameter.text('Description'),
    minLength: number(parameter, 'MinLength'),
    maxLength: number(parameter, 'MaxLength'),
    minValue: number(parameter, 'MinValue'),
    maxValue: number(parameter, 'MaxValue'),
    noEcho: ['true', true].includes(parameter.value['NoEcho'] as string | boolean),
  };
}

function list(parameter: Section, value: unknown): string[] {
  if (!Array.isArray(value)) throw parameter.refusal('AllowedValues must be a list', ['AllowedValues']);
  return value.map((item: unknown) => scalar(parameter, item, 'AllowedValues'));
}

function number(parameter: Section, key: string): number | undefined {
  const value = parameter.value[key];
  if (value === undefined) return undefined;
  const read = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof read !== 'number' || !Number.isFinite(read))
    throw parameter.refusal(`${key} must be a number, not ${shown(value)}`, [key]);
  return read;
}

/** CloudFormation's parameter values are texts; numbers and booleans in the template are taken as written. */
function scalar(parameter: Section, value: unknown, key: string): string {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw parameter.refusal(`Template format error: Every ${key} member must be a string, not ${shown(value)}`, [key]);
}
