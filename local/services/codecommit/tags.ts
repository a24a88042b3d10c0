import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { type Call, operation } from '../../world/service.ts';
import { requestTagContext } from '../iam/find.ts';
import { changeRepository } from './repository.ts';
import { type Repository, repositories, repositoryAccess } from './tables.ts';

/** Tags as CodeCommit takes them: values by key. */
export const tagMap = z.record(z.string(), z.string());

const mostTags = 50;
const longestKey = 128;
const longestValue = 256;

/** Throws InvalidSystemTagUsageException, InvalidTagsMapException. */
export function checkTags(tags: Readonly<Record<string, string>>): void {
  for (const [key, value] of Object.entries(tags)) {
    checkKey(key);
    if (value.length > longestValue)
      throw new AwsError(
        'InvalidTagsMapException',
        `The value of tag '${key}' is longer than ${longestValue} characters`,
      );
  }
  if (Object.keys(tags).length > mostTags) throw tooMany();
}

function checkKey(key: string, code = 'InvalidTagsMapException'): void {
  if (/^aws:/i.test(key))
    throw new AwsError(
      'InvalidSystemTagUsageException',
      `Tag keys that start with aws: are AWS's own: '${key.slice(0, 40)}'`,
    );
  if (key === '' || key.length > longestKey)
    throw new AwsError(code, `The tag key '${key.slice(0, 40)}' is not valid: it takes 1 to ${longestKey} characters`);
}

const tooMany = () => new AwsError('TooManyTagsException', `A repository has at most ${mostTags} tags`);

/** The repository of an ARN, in the account and region of the call. Throws InvalidResourceArnException, RepositoryDoesNotExistException. */
function byArn({ world, account, region }: Omit<Call, 'cause'>, arn: string): Repository {
  const [, place, name] = /^arn:aws:codecommit:([a-z0-9-]+:\d{12}):([^:/]+)$/.exec(arn) ?? [];
  if (place !== `${region}:${account}` || name === undefined)
    throw new AwsError(
      'InvalidResourceArnException',
      `'${arn.slice(0, 200)}' is no ARN of a repository of this account and region`,
    );
  const found = world.store.in(repositories).get(arn);
  if (found === undefined)
    throw new AwsError('RepositoryDoesNotExistException', `${name.slice(0, 100)} does not exist`);
  return found;
}

/** The tags of a repository. */
export const listTagsForResource = operation({
  input: z.object({ resourceArn: z.string() }),
  access: ({ resourceArn }, call) => [repositoryAccess('ListTagsForResource', byArn(call, resourceArn).name, call)],
  run: ({ resourceArn }, call) => ({ tags: byArn(call, resourceArn).tags }),
});

/** Sets tags. Throws TooManyTagsException, InvalidTagsMapException, InvalidSystemTagUsageException. */
export const tagResource = operation({
  input: z.object({ resourceArn: z.string(), tags: tagMap }),
  access: ({ resourceArn, tags }, call) => [
    repositoryAccess('TagResource', byArn(call, resourceArn).name, call, [], requestTagContext(tags)),
  ],
  run: ({ resourceArn, tags }, call) => {
    const known = byArn(call, resourceArn);
    checkTags(tags);
    const all = { ...known.tags, ...tags };
    if (Object.keys(all).length > mostTags) throw tooMany();
    changeRepository(call.world, known, { tags: all });
    return {};
  },
});

/** Takes tags away; one that is not there is no error. */
export const untagResource = operation({
  input: z.object({ resourceArn: z.string(), tagKeys: z.array(z.string()) }),
  access: ({ resourceArn, tagKeys }, call) => [
    repositoryAccess('UntagResource', byArn(call, resourceArn).name, call, [], { 'aws:TagKeys': tagKeys }),
  ],
  run: ({ resourceArn, tagKeys }, call) => {
    const known = byArn(call, resourceArn);
    for (const key of tagKeys) checkKey(key, 'InvalidTagKeysListException');
    const kept = Object.entries(known.tags).filter(([key]) => !tagKeys.includes(key));
    changeRepository(call.world, known, { tags: Object.fromEntries(kept) });
    return {};
  },
});
