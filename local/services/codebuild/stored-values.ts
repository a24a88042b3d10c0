import { AwsError } from '../../world/failure.ts';
import type { RoleCall } from './role-call.ts';
import type { BuildVariable } from './tables.ts';

/** Where a secret's value is asked for: `secret-id:json-key:version-stage:version-id`, of which the last three may be left out or empty. */
interface SecretReference {
  /** A name or a whole ARN. */
  readonly id: string;
  /** The key of a JSON object; the whole text without one. */
  readonly key?: string;
  readonly stage?: string;
  readonly version?: string;
}

/**
 * The values of variables that are kept in Parameter Store or Secrets Manager, asked for as the build's role. Throws AwsError in CodeBuild's words, which
 * name the reference and never a value. Sources: facts 5.1; the buildspec reference, `env/secrets-manager`.
 */
export async function storedValues(
  callAs: RoleCall,
  declared: readonly BuildVariable[],
): Promise<Readonly<Record<string, string>>> {
  const entries = declared
    .filter(({ type }) => type !== 'PLAINTEXT')
    .map(async (variable) => {
      const value = variable.type === 'SECRETS_MANAGER' ? secretOf(callAs, variable) : parameterOf(callAs, variable);
      return [variable.name, await value] as const;
    });
  return Object.fromEntries(await Promise.all(entries));
}

async function parameterOf(callAs: RoleCall, { name, value }: BuildVariable): Promise<string> {
  const input = { Names: [value], WithDecryption: true };
  const { Parameters } = await callAs<{ Parameters: readonly { Value: string }[] }>('ssm', 'GetParameters', input);
  const [found] = Parameters;
  if (found === undefined)
    throw new AwsError('InvalidInputException', `parameter ${value} of variable ${name} does not exist`);
  return found.Value;
}

async function secretOf(callAs: RoleCall, { name, value }: BuildVariable): Promise<string> {
  const { id, key, stage, version } = referenceOf(value);
  const input = {
    SecretId: id,
    ...(stage === undefined ? {} : { VersionStage: stage }),
    ...(version === undefined ? {} : { VersionId: version }),
  };
  const { SecretString: text } = await callAs<{ SecretString?: string }>(
    'secretsmanager',
    'GetSecretValue',
    input,
  ).catch((error: unknown) => {
    if (!(error instanceof AwsError)) throw error;
    throw failed(`${error.code}: ${error.message}`);
  });
  if (text === undefined) throw failed(`secret ${id} of variable ${name} is binary, and a variable is text`);
  return key === undefined ? text : valueOf(text, key, `secret ${id} of variable ${name}`);
}

const failed = (why: string): AwsError => new AwsError('Secrets Manager Error Message', why);

function valueOf(text: string, key: string, secret: string): string {
  let object: unknown;
  try {
    object = JSON.parse(text);
  } catch {
    // What cannot be read is told below, without its text.
  }
  if (typeof object !== 'object' || object === null || Array.isArray(object))
    throw failed(`${secret} is no JSON object, so it has no key ${key}`);
  const found = Object.getOwnPropertyDescriptor(object, key)?.value as unknown;
  if (found === undefined) throw failed(`${secret} has no key ${key}`);
  return typeof found === 'string' ? found : JSON.stringify(found);
}

/** An ARN has six colons of its own before the secret's name ends. */
function referenceOf(text: string): SecretReference {
  const parts = text.split(':');
  const ofId = text.startsWith('arn:') ? 7 : 1;
  const [key, stage, version] = parts.slice(ofId).map((part) => (part === '' ? undefined : part));
  return {
    id: parts.slice(0, ofId).join(':'),
    ...(key === undefined ? {} : { key }),
    ...(stage === undefined ? {} : { stage }),
    ...(version === undefined ? {} : { version }),
  };
}
