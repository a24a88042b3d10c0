import { join } from 'node:path';
import * as api from '@aws-sdk/client-codecommit';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { resources } from '../../local/services/index.ts';
import type { ResourceCall } from '../../local/world/service.ts';
import {
  type CodeCommitWorld,
  codecommitWorld,
  failure,
  file,
  repositoryName,
  unknownCommit,
} from './codecommit-world.ts';
import { owner } from './git-world.ts';

let cloud: CodeCommitWorld;
let aws: api.CodeCommitClient;
beforeEach(async () => {
  cloud = await codecommitWorld();
  aws = cloud.codecommit;
});
afterEach(() => cloud.close());

describe('repositories', () => {
  test('are made, described, listed and deleted', async () => {
    const made = await aws.send(
      new api.CreateRepositoryCommand({ repositoryName: 'another', repositoryDescription: 'of two' }),
    );
    expect(made.repositoryMetadata).toMatchObject({
      accountId: owner,
      repositoryName: 'another',
      repositoryDescription: 'of two',
      cloneUrlHttp: `${cloud.world.endpoint}/v1/repos/another`,
      cloneUrlSsh: 'ssh://git-codecommit.eu-west-1.amazonaws.com/v1/repos/another',
      Arn: `arn:aws:codecommit:eu-west-1:${owner}:another`,
      creationDate: expect.any(Date) as Date,
    });
    const names = async () =>
      (await aws.send(new api.ListRepositoriesCommand({}))).repositories?.map((each) => each.repositoryName);
    expect(await names()).toEqual(['another', 'orders']);
    const { repositoryId } = await aws.send(new api.DeleteRepositoryCommand({ repositoryName: 'another' }));
    expect(repositoryId).toBe(made.repositoryMetadata?.repositoryId);
    expect(await names()).toEqual(['orders']);
    expect(await aws.send(new api.DeleteRepositoryCommand({ repositoryName: 'another' }))).not.toHaveProperty(
      'repositoryId',
    );
  });

  test('have names as AWS takes them, once, and are seen from their own account and region alone', async () => {
    for (const name of ['a b', 'x.git', '..', '../x', 'a/b', 'ü', 'x'.repeat(101)])
      expect(await failure(aws.send(new api.CreateRepositoryCommand({ repositoryName: name })))).toBe(
        'InvalidRepositoryNameException',
      );
    const again = aws.send(new api.CreateRepositoryCommand({ repositoryName }));
    expect(await failure(again)).toBe('RepositoryNameExistsException');
    for (const client of [cloud.client('222222222222'), cloud.client(owner, 'us-east-1')]) {
      const elsewhere = new api.CodeCommitClient(client).send(new api.GetRepositoryCommand({ repositoryName }));
      expect(await failure(elsewhere)).toBe('RepositoryDoesNotExistException');
    }
  });

  test('are made by a stack, renamed with what is in them, and refused with what is not played', async () => {
    const model = resources['AWS::CodeCommit::Repository'];
    const at = { world: cloud.world, account: owner, region: 'eu-west-1' } as ResourceCall;
    const put = (properties: object, previous?: object) =>
      model?.put(model.properties.parse(properties) as never, at, previous as never);
    const made = await put({ RepositoryName: 'made', RepositoryDescription: 'd', Tags: [], Triggers: [] });
    expect(made).toEqual({
      physicalId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      attributes: {
        Arn: `arn:aws:codecommit:eu-west-1:${owner}:made`,
        Name: 'made',
        CloneUrlHttp: `${cloud.world.endpoint}/v1/repos/made`,
        CloneUrlSsh: 'ssh://git-codecommit.eu-west-1.amazonaws.com/v1/repos/made',
      },
    });
    const putFile = { repositoryName: 'made', branchName: 'main', ...file('a', 'a') };
    const { commitId } = await aws.send(new api.PutFileCommand(putFile));
    await aws.send(new api.CreateBranchCommand({ repositoryName: 'made', branchName: 'x', commitId }));
    const targets = [{ repositoryName: 'made', sourceReference: 'x', destinationReference: 'main' }];
    const { pullRequest } = await aws.send(new api.CreatePullRequestCommand({ title: 't', targets }));
    const renamed = await put({ RepositoryName: 'renamed' }, made);
    expect(renamed?.physicalId).toBe(made?.physicalId);
    const { branch } = await aws.send(new api.GetBranchCommand({ repositoryName: 'renamed', branchName: 'main' }));
    expect(branch?.commitId).toBe(commitId);
    const { pullRequestId } = pullRequest ?? {};
    const merge = { pullRequestId, repositoryName: 'renamed' };
    expect(await failure(aws.send(new api.MergePullRequestByFastForwardCommand(merge)))).toHaveProperty('answer');
    const parsed = (properties: object) => model?.properties.safeParse({ RepositoryName: 'x', ...properties });
    expect(parsed({ Triggers: [{ Name: 't' }] })?.error?.message).toContain('triggers are not played');
    expect(parsed({ Code: { S3: {} } })?.error?.message).toContain('Code');
  });
});

describe('branches', () => {
  test('are made, moved by pushes, listed, chosen and deleted, with events', async () => {
    const { base, feature } = await cloud.twoBranches();
    expect(await cloud.head('feature')).toBe(feature);
    const { branches } = await aws.send(new api.ListBranchesCommand({ repositoryName }));
    expect(branches).toEqual(['feature', 'main']);
    await aws.send(new api.UpdateDefaultBranchCommand({ repositoryName, defaultBranchName: 'feature' }));
    const deletion = (branchName: string) => aws.send(new api.DeleteBranchCommand({ repositoryName, branchName }));
    expect(await failure(deletion('feature'))).toBe('DefaultBranchCannotBeDeletedException');
    expect((await deletion('main')).deletedBranch).toEqual({ branchName: 'main', commitId: base });
    expect(await deletion('main')).not.toHaveProperty('deletedBranch');
    const events = (await cloud.told()).map(({ event, referenceName, oldCommitId, commitId }) => [
      event,
      referenceName,
      oldCommitId,
      commitId,
    ]);
    expect(events).toEqual([
      ['referenceCreated', 'main', undefined, base],
      ['referenceCreated', 'feature', undefined, base],
      ['referenceUpdated', 'feature', base, feature],
      ['referenceDeleted', 'main', base, undefined],
    ]);
  });

  test('are read from packed refs too, and a packed commit as well', async () => {
    const { feature } = await cloud.twoBranches();
    const directory = join(cloud.world.directory, 'git', owner, 'eu-west-1', 'orders.git');
    await cloud.git(directory, 'gc', '-q', '--prune=now');
    expect(await cloud.head('feature')).toBe(feature);
    const { commit: found } = await aws.send(new api.GetCommitCommand({ repositoryName, commitId: feature }));
    expect(found?.message).toBe('by API\n');
  });

  test.each([
    ['BranchDoesNotExistException', 'nothing'],
    ['InvalidBranchNameException', '../../config'],
    ['InvalidBranchNameException', '--help'],
    ['InvalidBranchNameException', 'a..b'],
    ['InvalidBranchNameException', 'a\nb'],
    ['InvalidBranchNameException', 'x.lock'],
    ['InvalidBranchNameException', ' '],
    ['InvalidBranchNameException', 'a/.b'],
  ])('answer %s for %j', async (code, branchName) => {
    const base = await cloud.put('main', { a: 'a' });
    expect(await failure(cloud.head(branchName))).toBe(code);
    if (code === 'InvalidBranchNameException') expect(await failure(cloud.branchAt(branchName, base))).toBe(code);
  });

  test('are made once, at a commit that exists, and never under another', async () => {
    const base = await cloud.put('main', { a: 'a' });
    expect(await failure(cloud.branchAt('main', base))).toBe('BranchNameExistsException');
    expect(await failure(cloud.branchAt('x', unknownCommit))).toBe('CommitDoesNotExistException');
    expect(await failure(cloud.branchAt('x', 'main'))).toBe('InvalidCommitIdException');
    expect(await failure(cloud.branchAt('main/under', base))).toBe('ConcurrentReferenceUpdateException');
  });
});
