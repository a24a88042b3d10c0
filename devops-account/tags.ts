import { stackTags } from '../shared/names.ts';
import type { Organisation } from '../shared/organisation-schema.ts';

/** What the names of the DevOps account's alarms begin with. */
export const alarmPrefix = 'mergecast';

/** The tags of the DevOps account's stacks. */
export const tagsOf = ({ repositories, organisationId }: Organisation): Record<string, string> => ({
  [stackTags.profile]: 'devops',
  [stackTags.repositories]: repositories.map(({ name }) => name).join(' '),
  ...(organisationId === undefined ? {} : { [stackTags.organisation]: organisationId }),
});
