import { type PolicyPlace, parsePolicy } from '../../../languages/iam-policy/parse.ts';
import { AwsError } from '../../world/failure.ts';
import type { AttachedPolicy } from './tables.ts';

/** A policy that came as text: parsed for the judge, and as written for whoever reads it back. */
export interface WrittenPolicy {
  readonly document: unknown;
  readonly text: string;
}

/** Reads and checks a policy text for the place where it is to stand. Throws MalformedPolicyDocument. */
export function readPolicy(text: string, place: PolicyPlace): WrittenPolicy {
  if (text.length > 131_072)
    throw new AwsError('MalformedPolicyDocument', 'The policy is longer than 131072 characters.');
  parsePolicy(text, place);
  return { document: JSON.parse(text), text };
}

/** A document as it was put. */
export const textOf = ({
  text,
  document,
}: {
  readonly text?: string | undefined;
  readonly document: unknown;
}): string => text ?? JSON.stringify(document);

/** A document as IAM's answers carry it: percent-encoded. */
export const encoded = (policy: { readonly text?: string | undefined; readonly document: unknown }): string =>
  encodeURIComponent(textOf(policy));

/** IAM counts a policy without its blanks. */
export const policySize = (policy: { readonly document: unknown }): number => JSON.stringify(policy.document).length;

/** Inline policies with one more; a policy of the same name gives way, whoever made it. `maker` is what {@link AttachedPolicy} is kept by. */
export function withInline(
  inline: Readonly<Record<string, AttachedPolicy>>,
  maker: string,
  policy: AttachedPolicy,
): Readonly<Record<string, AttachedPolicy>> {
  const known = Object.entries(inline).find(([, { name }]) => name === policy.name)?.[0];
  return { ...inline, [known ?? maker]: policy };
}
