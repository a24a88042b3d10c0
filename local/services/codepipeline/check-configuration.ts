import { AwsError } from '../../world/failure.ts';
import { invalidAction, unplayed } from './refusals.ts';

/** An action or a rule with its settings. */
interface Configured {
  readonly kind: 'Action' | 'Rule';
  readonly name: string;
  readonly configuration: Readonly<Record<string, string>>;
  readonly commands: readonly string[] | undefined;
}

/** The settings that its provider takes. */
interface Takes {
  readonly required: readonly string[];
  readonly optional: readonly string[];
  readonly unplayed?: readonly string[];
  readonly commands?: true;
}

const longestValue = 1000;

/**
 * Refuses settings that CodePipeline refuses: missing, unknown, empty or too long ones, and commands where none are taken. Throws
 * InvalidActionDeclarationException, ValidationException, or StackFailed for a setting that AWS has and the local cloud does not play.
 */
export function checkConfiguration({ kind, name, configuration, commands }: Configured, takes: Takes): void {
  const keys = Object.keys(configuration);
  const what = `${kind} configuration for ${kind.toLowerCase()} '${name}'`;
  const missing = takes.required.find((key) => !keys.includes(key));
  if (missing !== undefined) throw invalidAction(`${what} is missing required configuration '${missing}'`);
  const refused = keys.find((key) => takes.unplayed?.includes(key));
  if (refused !== undefined)
    throw unplayed(`${kind.toLowerCase()} ${name}: configuration ${refused} is not played by the local cloud`);
  const unknown = keys.find((key) => !takes.required.includes(key) && !takes.optional.includes(key));
  if (unknown !== undefined) throw invalidAction(`${what} contains unknown configuration '${unknown}'`);
  for (const [key, value] of Object.entries(configuration)) checkLength(what, key, value);
  if (takes.commands === true && commands === undefined)
    throw invalidAction(`${kind} ${name} must have a non-empty commands field`);
  if (takes.commands !== true && commands !== undefined)
    throw invalidAction(`${kind} ${name} has commands, which its provider does not take`);
  const broken = commands?.find((line) => line.trim() === '' || /[\r\n]/.test(line));
  if (broken !== undefined)
    throw invalidAction(`${kind} ${name}: ${JSON.stringify(broken)} is not a command of one line`);
}

/** Source of the limit: facts 3.7. */
function checkLength(what: string, key: string, { length }: string): void {
  if (length >= 1 && length <= longestValue) return;
  throw new AwsError(
    'ValidationException',
    `1 validation error detected: Value at '${key}' of the ${what} failed to satisfy constraint: Map value must satisfy constraint: [Member must have length less than or equal to ${longestValue}, Member must have length greater than or equal to 1]`,
  );
}
