import * as api from '@aws-sdk/client-codecommit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type CodeCommitWorld, codecommitWorld, failure, repositoryName } from './codecommit-world.ts';
import { owner } from './git-world.ts';

let cloud: CodeCommitWorld;
let aws: api.CodeCommitClient;
beforeEach(async () => {
  cloud = await codecommitWorld();
  aws = cloud.codecommit;
});
afterEach(() => cloud.close());

const resourceArn = `arn:aws:codecommit:eu-west-1:${owner}:${repositoryName}`;
const tag = (tags: Record<string, string>, arn = resourceArn) =>
  aws.send(new api.TagResourceCommand({ resourceArn: arn, tags }));
const tagsOf = async (arn = resourceArn) =>
  (await aws.send(new api.ListTagsForResourceCommand({ resourceArn: arn }))).tags;

test('a repository is tagged when it is made and later', async () => {
  const made = { repositoryName: 'tagged', tags: { team: 'a' } };
  const { repositoryMetadata } = await aws.send(new api.CreateRepositoryCommand(made));
  expect(await tagsOf(repositoryMetadata?.Arn)).toEqual({ team: 'a' });

  await tag({ team: 'b', stage: 'dev' });
  await aws.send(new api.UntagResourceCommand({ resourceArn, tagKeys: ['stage', 'none'] }));

  expect(await tagsOf()).toEqual({ team: 'b' });
});

test('policies read the tags of a repository, and those that a request sets', async () => {
  await tag({ team: 'a' });
  await aws.send(new api.CreateRepositoryCommand({ repositoryName: 'other' }));
  const { client } = cloud.user('dev', [
    { Effect: 'Allow', Action: '*', Resource: '*', Condition: { StringEquals: { 'aws:ResourceTag/team': 'a' } } },
    {
      Effect: 'Deny',
      Action: 'codecommit:TagResource',
      Resource: '*',
      Condition: { 'ForAnyValue:StringEquals': { 'aws:TagKeys': 'team' } },
    },
  ]);
  const dev = new api.CodeCommitClient(client);
  const get = (name: string) => failure(dev.send(new api.GetRepositoryCommand({ repositoryName: name })));

  expect(await get(repositoryName)).toMatchObject({ answer: {} });
  expect(await get('other')).toBe('AccessDeniedException');
  const change = (tags: Record<string, string>) => failure(dev.send(new api.TagResourceCommand({ resourceArn, tags })));
  expect(await change({ team: 'b' })).toBe('AccessDeniedException');
  expect(await change({ stage: 'dev' })).toMatchObject({ answer: {} });
});

test('what is no tag and no repository is refused in AWS’s words', async () => {
  const many = Object.fromEntries(Array.from({ length: 51 }, (_, at) => [`k${at}`, 'v']));

  expect({
    system: await failure(tag({ 'aws:x': 'y' })),
    long: await failure(tag({ x: 'y'.repeat(257) })),
    key: await failure(tag({ ['k'.repeat(129)]: 'y' })),
    many: await failure(tag(many)),
    arn: await failure(tag({ a: 'b' }, 'orders')),
    elsewhere: await failure(tag({ a: 'b' }, resourceArn.replace(owner, '222222222222'))),
    missing: await failure(tag({ a: 'b' }, `${resourceArn}2`)),
  }).toEqual({
    system: 'InvalidSystemTagUsageException',
    long: 'InvalidTagsMapException',
    key: 'InvalidTagsMapException',
    many: 'TooManyTagsException',
    arn: 'InvalidResourceArnException',
    elsewhere: 'InvalidResourceArnException',
    missing: 'RepositoryDoesNotExistException',
  });
  expect(await tagsOf()).toEqual({});
});

test('a renamed repository keeps its commits, tags and pull requests, and its old name is free', async () => {
  const { feature } = await cloud.twoBranches();
  await tag({ team: 'a' });
  const targets = [{ repositoryName, sourceReference: 'feature', destinationReference: 'main' }];
  const { pullRequest } = await aws.send(new api.CreatePullRequestCommand({ title: 't', targets }));
  const { pullRequestId } = pullRequest ?? {};
  await aws.send(new api.CreateRepositoryCommand({ repositoryName: 'taken' }));
  const rename = (newName: string) =>
    aws.send(new api.UpdateRepositoryNameCommand({ oldName: repositoryName, newName }));

  expect(await failure(rename('taken'))).toBe('RepositoryNameExistsException');
  expect(await failure(rename('../x'))).toBe('InvalidRepositoryNameException');
  await rename('shop');

  expect(await tagsOf(resourceArn.replace(repositoryName, 'shop'))).toEqual({ team: 'a' });
  await aws.send(new api.MergePullRequestByFastForwardCommand({ pullRequestId, repositoryName: 'shop' }));
  const branch = await aws.send(new api.GetBranchCommand({ repositoryName: 'shop', branchName: 'main' }));
  expect(branch.branch?.commitId).toBe(feature);
  expect(await failure(rename('again'))).toBe('RepositoryDoesNotExistException');
  await aws.send(new api.CreateRepositoryCommand({ repositoryName }));
});
