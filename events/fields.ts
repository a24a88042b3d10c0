import { z } from 'zod';
import { branchNameFlaw } from '../shared/git-names.ts';

/** A commit: 40 hexadecimal digits, lower case. CodeCommit knows SHA-1 only. */
export const commitId = z.string().regex(/^[0-9a-f]{40}$/, 'is not 40 hexadecimal digits');

/** An AWS account: 12 digits. */
export const accountId = z.string().regex(/^\d{12}$/, 'is not 12 digits');

/** A UUID as EventBridge, CodePipeline and {@link mergeIdOf} write it. */
export const uuid = z.string().regex(/^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/, 'is not a UUID');

/** A CodeCommit repository's name. Source: `RepositoryName` in the model of botocore. */
export const repositoryName = z
  .string()
  .regex(/^[\w.-]{1,100}$/, 'is not 1 to 100 letters, digits, dots, dashes or underscores');

/** A short branch name, such as `dev` or `feature/x`, that git takes. */
export const branchName = z.string().check((context) => {
  const flaw = branchNameFlaw(context.value);
  if (flaw !== undefined) context.issues.push({ code: 'custom', message: flaw, input: context.value });
});

/** A pipeline's name. Source: facts 3.1. */
export const pipelineName = z
  .string()
  .regex(/^[\w.@-]{1,100}$/, 'is not 1 to 100 letters, digits, dots, dashes, underscores or @');

/** A stage's or an action's name. Source: facts 3.7. */
export const stageOrActionName = pipelineName;

/** An ARN of printable ASCII, at most 2,048 characters. It may hold a person's e-mail address (a session's name). */
export const arn = z
  .string()
  .max(2048, 'is longer than 2,048 characters')
  .regex(/^arn:[\x21-\x7e]+$/, 'is not an ARN');

/** A moment: ISO 8601 in UTC, to the second or finer, as AWS stamps it. */
export const moment = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/, 'is not a time such as 2026-11-20T09:15:31Z')
  .refine((text) => !Number.isNaN(Date.parse(text)), 'is no moment of any calendar');

/** A region's name. */
export const regionName = z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, "is not a region such as 'eu-west-1'");
