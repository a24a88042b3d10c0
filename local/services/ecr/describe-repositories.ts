import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { operation } from '../../world/service.ts';
import { imageRepositories } from './tables.ts';

/** The repositories of the account and region, or those of the given names. Throws RepositoryNotFoundException for a name that is none. */
export const describeRepositories = operation({
  input: z.object({ repositoryNames: z.array(z.string()).optional() }),
  access: ({ repositoryNames = ['*'] }, { account, region }) =>
    repositoryNames.map((name) => ({
      action: 'ecr:DescribeRepositories',
      resource: `arn:aws:ecr:${region}:${account}:repository/${name}`,
    })),
  run: ({ repositoryNames }, { world, account, region }) => {
    const mine = world.store.in(imageRepositories).where((row) => row.account === account && row.region === region);
    const missing = repositoryNames?.find((name) => !mine.some((row) => row.name === name));
    if (missing !== undefined)
      throw new AwsError(
        'RepositoryNotFoundException',
        `The repository with name '${missing}' does not exist in the registry with id '${account}'`,
      );
    return {
      repositories: mine
        .filter(({ name }) => repositoryNames?.includes(name) ?? true)
        .map(({ arn, name, mutability, createdAt }) => ({
          repositoryArn: arn,
          registryId: account,
          repositoryName: name,
          repositoryUri: `${account}.dkr.ecr.${region}.amazonaws.com/${name}`,
          createdAt: new Date(createdAt),
          imageTagMutability: mutability,
        })),
    };
  },
});
