import { z } from 'zod';
import { parseTemplate } from '../../../languages/template/parse.ts';
import type { Template } from '../../../languages/template/types.ts';
import { Fault } from '../../../shared/fault.ts';
import { AwsError } from '../../world/failure.ts';
import type { Principal } from '../../world/principal.ts';
import { flag } from '../../world/properties.ts';
import type { Access, Call } from '../../world/service.ts';
import { passRole } from '../iam/pass-role.ts';
import { assumeRole } from '../sts/assume.ts';
import type { Stack } from './tables.ts';
import { templateBody, templateText } from './template-text.ts';

/** A list; the Query protocol writes an empty one as an empty text. */
export const listOf = <Item extends z.ZodType>(item: Item) =>
  z.preprocess((given) => (given === '' ? [] : given), z.array(item).optional());

/** A list that is empty when it is left out. */
export const list = <Item extends z.ZodType>(item: Item) =>
  listOf(item)
    .optional()
    .transform((given) => given ?? []);

/** What CreateStack and UpdateStack take. */
export const stackInput = z.object({
  StackName: z
    .string()
    .regex(
      /^([a-zA-Z][-a-zA-Z0-9]{0,127}|arn:aws:cloudformation:.+)$/,
      'must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*',
    ),
  TemplateBody: templateBody,
  TemplateURL: z.string().optional(),
  UsePreviousTemplate: flag.default(false),
  Parameters: list(
    z.object({
      ParameterKey: z.string(),
      ParameterValue: z.string().default(''),
      UsePreviousValue: z.coerce.string().optional(),
    }),
  ),
  Capabilities: list(z.string()),
  RoleARN: z.string().optional(),
  /** Left out, an update keeps the stack's tags. */
  Tags: listOf(z.object({ Key: z.string(), Value: z.string() })).optional(),
  ClientRequestToken: z.string().max(128).optional(),
  NotificationARNs: z.unknown().optional(),
  ResourceTypes: z.unknown().optional(),
  RollbackConfiguration: z.unknown().optional(),
  StackPolicyBody: z.unknown().optional(),
  StackPolicyURL: z.unknown().optional(),
  StackPolicyDuringUpdateBody: z.unknown().optional(),
  StackPolicyDuringUpdateURL: z.unknown().optional(),
});

const unplayed = [
  ...['NotificationARNs', 'ResourceTypes', 'RollbackConfiguration'],
  ...['StackPolicyBody', 'StackPolicyURL', 'StackPolicyDuringUpdateBody', 'StackPolicyDuringUpdateURL'],
] as const;

/** Stack policies, notifications, resource types and rollback triggers are refused by name when they say anything. Throws ValidationError. */
export function refuseUnplayed(input: Partial<Record<(typeof unplayed)[number], unknown>>): void {
  const said = unplayed.find((name) => {
    const value = input[name];
    return value !== undefined && value !== '' && !(typeof value === 'object' && isEmpty(value));
  });
  if (said !== undefined) throw new AwsError('ValidationError', `${said} is not played by the local cloud`);
}

/** Empty lists, and objects of nothing but empty lists, say nothing. */
const isEmpty = (value: object | null): boolean =>
  value === null ||
  Object.values(value).every((each) => each === '' || (typeof each === 'object' && isEmpty(each as object | null)));

export type StackInput = z.output<typeof stackInput>;

/** The questions for an action on a stack by name. */
export function stackAccess(
  action: string,
  name: string,
  { account, region }: { account: string; region: string },
  roleArn?: string,
): readonly Access[] {
  const resource = name.startsWith('arn:') ? name : `arn:aws:cloudformation:${region}:${account}:stack/${name}/*`;
  const context: Record<string, string> = roleArn === undefined ? {} : { 'cloudformation:RoleArn': roleArn };
  return [
    { action: `cloudformation:${action}`, resource, context },
    ...(roleArn === undefined ? [] : [passRole(roleArn, 'cloudformation.amazonaws.com')]),
  ];
}

/** The template of a request, from its body or from S3. Throws ValidationError as CloudFormation does. */
export async function templateOf(
  {
    TemplateBody,
    TemplateURL,
    UsePreviousTemplate,
  }: Pick<StackInput, 'TemplateBody' | 'TemplateURL'> & { readonly UsePreviousTemplate?: boolean },
  at: Call,
  before?: Stack,
): Promise<Template> {
  if (UsePreviousTemplate && before !== undefined) return before.template;
  const text = await templateText({ TemplateBody, TemplateURL }, at);
  if (text === undefined)
    throw new AwsError('ValidationError', 'Either TemplateURL or TemplateBody must be specified.');
  return inAwsWords(() => parseTemplate(text));
}

/** Our refusals of templates and parameters are CloudFormation's ValidationError. */
export function inAwsWords<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw error instanceof Fault ? new AwsError('ValidationError', error.subject) : error;
  }
}

/** Templates that make roles must say so. Throws InsufficientCapabilitiesException. */
export function checkCapabilities(template: Template, given: readonly string[]): void {
  const [needed] = neededCapabilities(template);
  if (needed === undefined || given.includes('CAPABILITY_NAMED_IAM') || given.includes(needed)) return;
  throw new AwsError('InsufficientCapabilitiesException', `Requires capabilities : [${needed}]`);
}

/** The capability that a template's roles and policies need: none, CAPABILITY_IAM, or CAPABILITY_NAMED_IAM for named ones. */
export function neededCapabilities(template: Template): readonly string[] {
  const iam = Object.values(template.resources).filter(({ type }) => type.startsWith('AWS::IAM::'));
  if (iam.length === 0) return [];
  const named = iam.some(({ properties }) =>
    ['RoleName', 'ManagedPolicyName', 'UserName', 'GroupName'].some((name) => name in properties),
  );
  return [named ? 'CAPABILITY_NAMED_IAM' : 'CAPABILITY_IAM'];
}

/** Whose permissions the deployment uses: the role handed over, or the caller's own. */
export async function deployer(at: Call, stackName: string, roleArn: string | undefined): Promise<Principal> {
  if (roleArn === undefined) return at.caller;
  const { account, region, world, cause } = at;
  const caller = {
    type: 'service' as const,
    service: 'cloudformation.amazonaws.com',
    sourceArn: `arn:aws:cloudformation:${region}:${account}:stack/${stackName}/*`,
    sourceAccount: account,
  };
  const { principal } = await assumeRole(world, {
    account,
    region,
    cause,
    caller,
    roleArn,
    sessionName: 'AWSCloudFormation',
  });
  return principal;
}

/** Parameters by name; those with UsePreviousValue keep what the stack has. */
export const parametersOf = (
  input: Pick<StackInput, 'Parameters'>,
  before: Readonly<Record<string, string>> = {},
): Record<string, string> =>
  Object.fromEntries(
    input.Parameters.map(({ ParameterKey, ParameterValue, UsePreviousValue }) => [
      ParameterKey,
      UsePreviousValue === 'true' ? (before[ParameterKey] ?? '') : ParameterValue,
    ]),
  );

/** Tags by name; those the stack has when the request names none. */
export const tagsOf = (
  { Tags }: Pick<StackInput, 'Tags'>,
  before: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> =>
  Tags === undefined ? before : Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value]));
