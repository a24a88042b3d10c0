import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';

/** SQS's refusal of a parameter; clients of both protocols know it as InvalidParameterValue. */
export const invalidParameter = (text: string): AwsError => new AwsError('InvalidParameterValueException', text);

/** The same, with the value and AWS's reason. */
export const invalidValue = (name: string, value: unknown, reason: string): AwsError =>
  invalidParameter(`Value ${String(value).slice(0, 200)} for parameter ${name} is invalid. Reason: ${reason}`);

/** SQS's refusal of a request that leaves something out; clients know it as MissingParameter. */
export const missingParameter = (name: string): AwsError =>
  new AwsError('MissingRequiredParameterException', `The request must contain the parameter ${name}.`);

/** Throws unless a number is whole and within its limits. */
export function checkRange(
  name: string,
  value: number | undefined,
  [least, most]: readonly [number, number],
  reason = `Must be between ${least} and ${most}, if provided.`,
): void {
  if (value === undefined || (Number.isInteger(value) && value >= least && value <= most)) return;
  throw invalidValue(name, value, reason);
}

/** A schema that reads an input in either protocol's form, and refuses as SQS does where the shape does not fit. */
export const readingAs = (schema: z.ZodType, reshape: (input: unknown) => unknown): z.ZodType =>
  z.unknown().transform((given) => {
    const input = reshape(given);
    const parsed = schema.safeParse(input);
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    const path = issue?.path ?? [];
    const value = path.reduce<unknown>((at, step) => (at as Record<PropertyKey, unknown> | undefined)?.[step], input);
    const name = path.join('.') || 'input';
    throw value === undefined
      ? missingParameter(name)
      : invalidValue(name, JSON.stringify(value), issue?.message ?? '');
  });
