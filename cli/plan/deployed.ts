import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { AssemblyStack } from '../../assembly/types.ts';
import { Fault } from '../../shared/fault.ts';
import { stackTags } from '../../shared/names.ts';
import { type ConnectionOptions, connect, connectionTrouble } from '../connection.ts';
import { sendQuery } from './signed-query.ts';

/** What is deployed of a stack: its template as text, nothing, or why that cannot be known. */
export type Deployed =
  | { readonly kind: 'deployed'; readonly templateText: string }
  | { readonly kind: 'new' }
  | { readonly kind: 'unknown'; readonly reason: string };

/** Asks CloudFormation of the stack's account, with the profile that is named after it. Never throws for a connection: the answer says what is amiss. */
export async function deployedOf(
  { name, account, region, tags }: AssemblyStack,
  options: ConnectionOptions,
): Promise<Deployed> {
  const profile = tags[stackTags.profile] ?? name;
  try {
    const settings = connect(profile, options);
    const client = new STSClient({ ...settings, region, maxAttempts: 1 });
    const { Account } = await client.send(new GetCallerIdentityCommand({}));
    if (Account !== account)
      return { kind: 'unknown', reason: `profile '${profile}' is of account ${Account}, and the stack of ${account}` };
    const parameters = { Action: 'GetTemplate', Version: '2010-05-15', StackName: name, TemplateStage: 'Original' };
    const keys = await client.config.credentials();
    const call = { service: 'cloudformation', region, endpoint: settings.endpoint, parameters };
    return answerOf(await sendQuery(call, keys));
  } catch (error) {
    const reason = error instanceof Fault ? error.subject : connectionTrouble(error);
    if (reason !== undefined) return { kind: 'unknown', reason };
    if (error instanceof TypeError || (error instanceof Error && error.name === 'TimeoutError'))
      return { kind: 'unknown', reason: `CloudFormation cannot be reached: ${error.message}` };
    throw error;
  }
}

/** Reads what CloudFormation's Query protocol answers. */
export function answerOf({ status, text }: { readonly status: number; readonly text: string }): Deployed {
  const element = (name: string) => new RegExp(`<${name}>([^]*?)</${name}>`).exec(text)?.[1];
  const body = element('TemplateBody');
  if (status === 200 && body !== undefined) return { kind: 'deployed', templateText: plain(body) };
  const message = plain(element('Message') ?? '');
  if (element('Code') === 'ValidationError' && message.includes('does not exist')) return { kind: 'new' };
  return { kind: 'unknown', reason: `${element('Code') ?? `status ${status}`}: ${message}` };
}

const named: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

const plain = (xml: string): string =>
  xml.replace(
    /&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|(\w+));/g,
    (whole, decimal?: string, hex?: string, name?: string) => {
      if (name !== undefined) return named[name] ?? whole;
      const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
      return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    },
  );
