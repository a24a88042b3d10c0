import { z } from 'zod';

/** What all merges by API may be told, beside what they merge. */
export const mergeChoices = {
  conflictDetailLevel: z.enum(['FILE_LEVEL', 'LINE_LEVEL']).default('FILE_LEVEL'),
  conflictResolutionStrategy: z.enum(['NONE', 'ACCEPT_SOURCE', 'ACCEPT_DESTINATION', 'AUTOMERGE']).default('NONE'),
  conflictResolution: z.never('is not played by the local cloud: merge locally and push').optional(),
  keepEmptyFolders: z.literal(false, 'true is not played by the local cloud').optional(),
  commitMessage: z.string().optional(),
  authorName: z.string().optional(),
  email: z.string().optional(),
};

/** What all merges that may meet conflicts do in a simpler way than AWS: a row of the fidelity table. */
export const mergeSimplified =
  'Conflicts are resolved by whole files of one side, also with LINE_LEVEL; conflictResolution and keepEmptyFolders are refused.';
