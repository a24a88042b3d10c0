import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import type { Principal, SessionPrincipal } from '../../world/principal.ts';
import { queryList } from '../iam/query-list.ts';

/** Tags that a session is made with. */
export const tagsInput = queryList(z.object({ Key: z.string().min(1).max(128), Value: z.string().max(256) }), 50);

/** What a session hands on to the sessions it makes: its transitive tags, and who is behind it. */
export interface Inherited {
  readonly tags: Readonly<Record<string, string>>;
  readonly sourceIdentity?: string;
}

/** What the caller hands on; only sessions do. */
export function inherited(caller: Principal): Inherited {
  if (caller.type !== 'role-session') return { tags: {} };
  const { tags = {}, transitiveTags = [], sourceIdentity } = caller;
  return {
    tags: Object.fromEntries(Object.entries(tags).filter(([key]) => transitiveTags.includes(key))),
    ...(sourceIdentity === undefined ? {} : { sourceIdentity }),
  };
}

/** The tags of a new session. Throws ValidationError for tags that are doubled or already handed on, and transitive keys without a tag. */
export function sessionTags(
  {
    Tags,
    TransitiveTagKeys,
  }: { readonly Tags: z.output<typeof tagsInput>; readonly TransitiveTagKeys: readonly string[] },
  from: Inherited,
): Pick<SessionPrincipal, 'tags' | 'transitiveTags'> {
  const lower = Tags.map(({ Key }) => Key.toLowerCase());
  if (new Set(lower).size < lower.length)
    throw invalid('Duplicate tag keys found. Please note that Tag keys are case insensitive.');
  const handedOn = Object.keys(from.tags).map((key) => key.toLowerCase());
  if (lower.some((key) => handedOn.includes(key)))
    throw invalid(
      "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session.",
    );
  const unknown = TransitiveTagKeys.find((key) => !lower.includes(key.toLowerCase()));
  if (unknown !== undefined) throw invalid(`The transitive tag key ${unknown} must be included in the session tags.`);
  const tags = { ...from.tags, ...Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value])) };
  const transitive = new Set([...handedOn, ...TransitiveTagKeys.map((key) => key.toLowerCase())]);
  const transitiveTags = Object.keys(tags).filter((key) => transitive.has(key.toLowerCase()));
  return {
    ...(Object.keys(tags).length === 0 ? {} : { tags }),
    ...(transitiveTags.length === 0 ? {} : { transitiveTags }),
  };
}

const invalid = (text: string) => new AwsError('ValidationException', text);
