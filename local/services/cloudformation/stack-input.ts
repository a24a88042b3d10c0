import { z } from 'zod';
import { parseTemplate } from '../../../languages/template/parse.ts';
import type { Template } from '../../../languages/template/types.ts';
import { Fault } from '../../../shared/fault.ts';
import { call } from '../../world/call.ts';
import { AwsError } from '../../world/failure.ts';
import type { Principal } from '../../world/principal.ts';
import type { Access, Call } from '../../world/service.ts';
import { passRole } from '../iam/pass-role.ts';
import { assumeRole } from '../sts/assume.ts';

const list = <Item extends z.ZodType>(item: Item) => z.array(item).default([]);

/** What CreateStack and UpdateStack take. */
export const stackInput = z.object({
  StackName: z
    .string()
    .regex(
      /^([a-zA-Z][-a-zA-Z0-9]{0,127}|arn:aws:cloudformation:.+)$/,
      'must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*',
    ),
  TemplateBody: z.string().optional(),
  TemplateURL: z.string().optional(),
  Parameters: list(
    z.object({
      ParameterKey: z.string(),
      ParameterValue: z.string().default(''),
      UsePreviousValue: z.coerce.string().optional(),
    }),
  ),
  Capabilities: list(z.string()),
  RoleARN: z.string().optional(),
  Tags: list(z.object({ Key: z.string(), Value: z.string() })),
});

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
export async function templateOf({ TemplateBody, TemplateURL }: StackInput, at: Call): Promise<Template> {
  const text = TemplateBody ?? (TemplateURL === undefined ? undefined : await fetchTemplate(TemplateURL, at));
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

async function fetchTemplate(url: string, at: Call): Promise<string> {
  const [, bucket, key] = /^https?:\/\/[^/]+\/([^/?]+)\/([^?]+)/.exec(url) ?? [];
  if (bucket === undefined || key === undefined)
    throw new AwsError(
      'ValidationError',
      `TemplateURL must reference a valid S3 object to which you have access: ${url}`,
    );
  const input = { Bucket: bucket, Key: decodeURIComponent(key) };
  const { Body } = await call<{ Body: Buffer }>(at.world, { ...at, service: 's3', operation: 'GetObject', input });
  return Body.toString('utf8');
}

/** Templates that make roles must say so. Throws InsufficientCapabilitiesException. */
export function checkCapabilities(template: Template, given: readonly string[]): void {
  const iam = Object.values(template.resources).filter(({ type }) => type.startsWith('AWS::IAM::'));
  if (iam.length === 0 || given.includes('CAPABILITY_NAMED_IAM')) return;
  const named = iam.some(({ properties }) =>
    ['RoleName', 'ManagedPolicyName', 'UserName', 'GroupName'].some((name) => name in properties),
  );
  if (!named && given.includes('CAPABILITY_IAM')) return;
  throw new AwsError(
    'InsufficientCapabilitiesException',
    `Requires capabilities : [${named ? 'CAPABILITY_NAMED_IAM' : 'CAPABILITY_IAM'}]`,
  );
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
  input: StackInput,
  before: Readonly<Record<string, string>> = {},
): Record<string, string> =>
  Object.fromEntries(
    input.Parameters.map(({ ParameterKey, ParameterValue, UsePreviousValue }) => [
      ParameterKey,
      UsePreviousValue === 'true' ? (before[ParameterKey] ?? '') : ParameterValue,
    ]),
  );

/** Tags by name. */
export const tagsOf = (input: StackInput): Record<string, string> =>
  Object.fromEntries(input.Tags.map(({ Key, Value }) => [Key, Value]));
