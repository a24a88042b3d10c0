import { z } from 'zod';
import type { Template } from '../../../languages/template/types.ts';
import { AwsError } from '../../world/failure.ts';
import { type Call, operation } from '../../world/service.ts';
import { existing } from './existing.ts';
import { neededCapabilities, stackAccess, templateOf } from './stack-input.ts';
import { changeSets, type Stack } from './tables.ts';
import { templateBody } from './template-text.ts';

const given = z.object({
  TemplateBody: templateBody,
  TemplateURL: z.string().optional(),
  StackName: z.string().optional(),
});

const access = (action: string) => (input: { StackName?: string | undefined }, call: Omit<Call, 'cause'>) =>
  input.StackName === undefined
    ? [{ action: `cloudformation:${action}`, resource: '*' }]
    : stackAccess(action, input.StackName, call);

const parametersOf = ({ parameters }: Template) =>
  Object.entries(parameters).map(([ParameterKey, parameter]) => ({
    ParameterKey,
    DefaultValue: parameter.default,
    NoEcho: parameter.noEcho,
    Description: parameter.description,
  }));

const capabilitiesOf = (template: Template) => {
  const needed = neededCapabilities(template);
  return {
    Capabilities: needed,
    ...(needed.length === 0
      ? {}
      : { CapabilitiesReason: `The following resource(s) require capabilities: [${iamTypes(template).join(', ')}]` }),
  };
};

const iamTypes = ({ resources }: Template): readonly string[] => [
  ...new Set(Object.values(resources).flatMap(({ type }) => (type.startsWith('AWS::IAM::') ? [type] : []))),
];

/** Reads a template and tells its parameters and capabilities, or what is wrong with it. */
export const validateTemplate = operation({
  input: given,
  access: access('ValidateTemplate'),
  run: async (input, call) => {
    const template = await templateOf(input, call);
    return {
      Description: template.description,
      Parameters: parametersOf(template),
      DeclaredTransforms: template.transforms,
      ...capabilitiesOf(template),
    };
  },
});

/** What a template, or the template of a stack, takes and makes. */
export const getTemplateSummary = operation({
  input: given,
  access: access('GetTemplateSummary'),
  run: async (input, call) => {
    const { StackName } = input;
    const template = StackName === undefined ? await templateOf(input, call) : existing(call, StackName).template;
    return {
      Description: template.description,
      ...(template.metadata === undefined ? {} : { Metadata: JSON.stringify(template.metadata) }),
      Version: '2010-09-09',
      Parameters: parametersOf(template).map((parameter) => ({
        ...parameter,
        ParameterType: template.parameters[parameter.ParameterKey]?.type,
        ParameterConstraints: { AllowedValues: template.parameters[parameter.ParameterKey]?.allowedValues },
      })),
      ResourceTypes: [...new Set(Object.values(template.resources).map(({ type }) => type))],
      DeclaredTransforms: template.transforms,
      ...capabilitiesOf(template),
    };
  },
});

/** A stack's template as it was deployed, or a change set's. */
export const getTemplate = operation({
  simplified: 'A template is given back as JSON, also when it was written in YAML.',
  input: z.object({
    StackName: z.string().optional(),
    ChangeSetName: z.string().optional(),
    TemplateStage: z.enum(['Original', 'Processed']).default('Original'),
  }),
  access: access('GetTemplate'),
  run: ({ StackName, ChangeSetName }, call) => {
    const { template } = templateHolder(StackName, ChangeSetName, call);
    return { TemplateBody: JSON.stringify(template.source, null, 2), StagesAvailable: ['Original', 'Processed'] };
  },
});

function templateHolder(
  stackName: string | undefined,
  changeSetName: string | undefined,
  call: Call,
): Pick<Stack, 'template'> {
  if (changeSetName === undefined) return existing(call, stackName ?? '');
  const id = stackName === undefined ? undefined : existing(call, stackName).id;
  const found = call.world.store
    .in(changeSets)
    .where((row) => row.id === changeSetName || (row.name === changeSetName && row.stackId === id))[0];
  if (found === undefined) throw new AwsError('ChangeSetNotFound', `ChangeSet [${changeSetName}] does not exist`, 404);
  return found;
}
