import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { tags } from '../../world/properties.ts';
import { type Place, resource } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { pullRequestKey, pullRequests } from './pull-request.ts';
import { checkRepositoryName, directoryOf, type Repository, repositories, repositoryAccess } from './tables.ts';

/**
 * No hooks, and nothing that a push would have to wait for: no housekeeping, and no second look at its own refs, which git takes for
 * those of an alternate while a push is in quarantine (`true` is the command that lists none).
 */
const configuration = `[core]
\trepositoryformatversion = 0
\tfilemode = true
\tbare = true
\tlogAllRefUpdates = false
\thooksPath = /dev/null
\tbigFileThreshold = 32m
\talternateRefsCommand = true
[receive]
\tautogc = false
\tadvertisePushOptions = false
[gc]
\tauto = 0
[transfer]
\tfsckObjects = false
`;

/** An archive holds the files as they were committed, whatever their .gitattributes say. */
const attributes = '* -text !eol -ident -filter !working-tree-encoding -export-ignore -export-subst\n';

/** Makes an empty bare repository. Throws InvalidRepositoryNameException, RepositoryNameExistsException. */
export function makeRepository(
  world: World,
  { account, region }: Place,
  name: string,
  description: string,
  tagged: Repository['tags'] = {},
): Repository {
  checkRepositoryName(name);
  const arn = `arn:aws:codecommit:${region}:${account}:${name}`;
  if (world.store.in(repositories).has(arn))
    throw new AwsError('RepositoryNameExistsException', `Repository named ${name} already exists`);
  const directory = directoryOf(world, { account, region }, name);
  for (const folder of ['info', 'objects/info', 'objects/pack', 'refs/heads', 'refs/tags'])
    mkdirSync(join(directory, folder), { recursive: true });
  writeFileSync(join(directory, 'HEAD'), 'ref: refs/heads/main\n');
  writeFileSync(join(directory, 'config'), configuration);
  writeFileSync(join(directory, 'info', 'attributes'), attributes);
  const repository: Repository = {
    id: world.chance.uuid(),
    name,
    arn,
    account,
    region,
    description,
    directory,
    tags: tagged,
    createdAt: world.clock.now(),
    changedAt: world.clock.now(),
  };
  world.store.in(repositories).put(arn, repository);
  return repository;
}

/** The URL to clone a repository from; git asks for credentials. */
export const cloneUrl = (world: World, name: string): string => `${world.endpoint}/v1/repos/${name}`;

/** The URL over SSH, which the local cloud does not serve. */
export const cloneUrlSsh = ({ name, region }: Pick<Repository, 'name' | 'region'>): string =>
  `ssh://git-codecommit.${region}.amazonaws.com/v1/repos/${name}`;

/** AWS::CodeCommit::Repository without initial code and triggers; another name renames it, with all that is in it. */
export const repository = resource({
  simplified: 'The KMS key is accepted and not used; triggers are refused.',
  properties: z.strictObject({
    RepositoryName: z.string(),
    RepositoryDescription: z.string().max(1000).optional(),
    KmsKeyId: z.string().optional(),
    Tags: tags.optional(),
    Triggers: z.array(z.unknown()).max(0, 'triggers are not played by the local cloud: use a rule').optional(),
  }),
  access: ({ RepositoryName }, at, change) => [repositoryAccess(`${actions[change]}`, RepositoryName, at)],
  put: ({ RepositoryName: name, RepositoryDescription: description = '', Tags = [] }, { world, ...at }, previous) => {
    const known = world.store.in(repositories).get(String(previous?.attributes['Arn']));
    const tagged = { ...at.tags, ...Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value])) };
    const made =
      known === undefined
        ? makeRepository(world, at, name, description, tagged)
        : changeRepository(world, known.name === name ? known : renameRepository(world, known, name), {
            description,
            tags: tagged,
          });
    return {
      physicalId: made.id,
      attributes: {
        Arn: made.arn,
        Name: name,
        CloneUrlHttp: cloneUrl(world, name),
        CloneUrlSsh: cloneUrlSsh(made),
      },
    };
  },
  remove: ({ attributes }, { world }) => removeRepository(world, String(attributes['Arn'])),
});

const actions = { create: 'CreateRepository', update: 'UpdateRepositoryDescription', delete: 'DeleteRepository' };

/** Writes a change of what describes a repository. Answers it as it is now. */
export function changeRepository(
  world: World,
  known: Repository,
  change: Partial<Pick<Repository, 'description' | 'tags' | 'defaultBranch'>>,
): Repository {
  const changed = { ...known, ...change, changedAt: world.clock.now() };
  world.store.in(repositories).put(known.arn, changed);
  return changed;
}

/** Gives a repository another name, with all that is in it. Throws InvalidRepositoryNameException, RepositoryNameExistsException. */
export function renameRepository(world: World, known: Repository, name: string): Repository {
  const made = makeRepository(world, known, name, known.description);
  rmSync(made.directory, { recursive: true });
  renameSync(known.directory, made.directory);
  const renamed = { ...known, name, arn: made.arn, directory: made.directory, changedAt: made.changedAt };
  world.store.in(repositories).delete(known.arn);
  world.store.in(repositories).put(made.arn, renamed);
  for (const request of world.store.in(pullRequests).where((row) => row.repositoryArn === known.arn)) {
    const moved = { ...request, repositoryArn: made.arn, repositoryName: name };
    world.store.in(pullRequests).put(pullRequestKey(known, request.id), moved);
  }
  return renamed;
}

/** Deletes a repository with all that is in it. */
export function removeRepository(world: World, arn: string): void {
  const known = world.store.in(repositories).get(arn);
  if (known === undefined) return;
  world.store.in(repositories).delete(arn);
  rmSync(known.directory, { recursive: true, force: true });
}
