import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { tags } from '../../world/properties.ts';
import { type Place, resource } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { directoryOf, type Repository, repositories } from './tables.ts';

/** A repository's name as CodeCommit takes it; safe as a file name. */
export const repositoryName = z
  .string()
  .regex(/^(?!\.)[\w.-]{1,100}$/, 'must be 1 to 100 letters, digits, dots, hyphens and underscores')
  .refine((name) => !name.endsWith('.git'), 'must not end in .git');

/** No hooks, and no housekeeping that a push would have to wait for. */
const configuration = `[core]
\trepositoryformatversion = 0
\tfilemode = true
\tbare = true
\tlogAllRefUpdates = false
\thooksPath = /dev/null
\tbigFileThreshold = 32m
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

/** Makes an empty bare repository. Throws RepositoryNameExistsException. */
export function makeRepository(
  world: World,
  { account, region }: Place,
  name: string,
  description: string,
): Repository {
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
    createdAt: world.clock.now(),
  };
  world.store.in(repositories).put(arn, repository);
  return repository;
}

/** The URL to clone a repository from; git asks for credentials. */
export const cloneUrl = (world: World, name: string): string => `${world.endpoint}/v1/repos/${name}`;

/** AWS::CodeCommit::Repository without initial code and triggers. */
export const repository = resource({
  properties: z.strictObject({
    RepositoryName: repositoryName,
    RepositoryDescription: z.string().optional(),
    KmsKeyId: z.string().optional(),
    Tags: tags.optional(),
  }),
  access: ({ RepositoryName }, { account, region }, change) => [
    {
      action: `codecommit:${{ create: 'Create', update: 'Update', delete: 'Delete' }[change]}Repository`,
      resource: `arn:aws:codecommit:${region}:${account}:${RepositoryName}`,
    },
  ],
  put: ({ RepositoryName: name, RepositoryDescription: description = '' }, { world, account, region }, previous) => {
    const arn = `arn:aws:codecommit:${region}:${account}:${name}`;
    const same = previous?.attributes['Arn'] === arn;
    const made = same
      ? world.store.in(repositories).update(arn, (row) => ({ ...row, description }))
      : makeRepository(world, { account, region }, name, description);
    return {
      physicalId: made?.id ?? '',
      attributes: {
        Arn: arn,
        Name: name,
        CloneUrlHttp: cloneUrl(world, name),
        CloneUrlSsh: `ssh://git-codecommit.${region}.amazonaws.com/v1/repos/${name}`,
      },
    };
  },
  remove: ({ attributes }, { world }) => removeRepository(world, String(attributes['Arn'])),
});

/** Deletes a repository with all that is in it. */
export function removeRepository(world: World, arn: string): void {
  const known = world.store.in(repositories).get(arn);
  if (known === undefined) return;
  world.store.in(repositories).delete(arn);
  rmSync(known.directory, { recursive: true, force: true });
}
