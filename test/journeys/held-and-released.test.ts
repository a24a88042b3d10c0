import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { expect, test } from 'vitest';
import { holdText } from '../../events/manual-hold.ts';
import { releaseText } from '../../events/release.ts';
import { parameterName } from '../../shared/names.ts';
import { ParameterStore } from '../../shared/parameter-store.ts';
import { pipeline } from '../../workload-account/pipeline-definition.ts';
import { organisationFile } from '../synthesis.ts';
import type { EditableTemplate } from './assemblies.ts';
import { type Playing, playing } from './playing.ts';

const frozen = { from: '2020-01-01T00:00:00Z', until: '2100-01-01T00:00:00Z', reason: 'the year of quiet' };

const own = {
  file: {
    ...organisationFile,
    environments: organisationFile.environments.map((each) =>
      each.name === 'prod' ? { ...each, evidenceFrom: ['staging'] } : each,
    ),
  },
  definitions: {
    dev: pipeline('orders').freeze(frozen).build().deployStack(),
    prod: pipeline('orders').requires('staging').build().deployStack(),
  },
};

/** A role that people of an account come by, as its owner would make it. */
const forPeople = (environment: string, account: string) => (template: EditableTemplate) => {
  template.Resources['People'] = {
    Type: 'AWS::IAM::Role',
    Properties: {
      RoleName: 'people',
      ManagedPolicyArns: [`arn:aws:iam::${account}:policy/mergecast-${environment}-releasers`],
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${account}:root` }, Action: 'sts:AssumeRole' }],
      },
    },
  };
};

/** Parameter Store as a person sees it. */
async function storeOf(flow: Playing, environment: string, account: string, person: string): Promise<ParameterStore> {
  const settings = flow.settings(environment);
  const { Credentials: given } = await new STSClient(settings).send(
    new AssumeRoleCommand({ RoleArn: `arn:aws:iam::${account}:role/people`, RoleSessionName: person }),
  );
  return new ParameterStore({
    endpoint: settings.endpoint,
    region: async () => settings.region,
    systemClockOffset: settings.systemClockOffset,
    credentials: async () => ({
      accessKeyId: given?.AccessKeyId ?? '',
      secretAccessKey: given?.SecretAccessKey ?? '',
      sessionToken: given?.SessionToken ?? '',
    }),
  });
}

const last = async (flow: Playing, environment: string) => {
  await flow.sweep(environment);
  const started = await flow.executions(environment);
  await flow.cloud.settled();
  return { started: started.map(({ commitId }) => commitId), decision: (await flow.decisions(environment)).at(-1) };
};

test('a person holds and releases, two let one commit through a freeze, and prod waits for staging', async () => {
  const flow = await playing({
    own,
    edit: {
      'mergecast-dev': forPeople('dev', '222222222222'),
      'mergecast-staging': forPeople('staging', '333333333333'),
    },
  });
  const [ann, bob, sam] = await Promise.all([
    storeOf(flow, 'dev', '222222222222', 'ann'),
    storeOf(flow, 'dev', '222222222222', 'bob'),
    storeOf(flow, 'staging', '333333333333', 'sam'),
  ]);

  // A freeze, and one person who would let a commit through: held. Two: it goes, and the trail names them.
  const urgent = await flow.merge('dev');
  const release = parameterName('dev', 'orders-dev', 'release');
  const expires = new Date(flow.cloud.clock.now() + 3_600_000).toISOString();
  const text = releaseText({ commit: urgent, reason: 'customers wait', expires });
  await ann?.put(release, text);
  await ann?.put(release, text);
  expect((await last(flow, 'dev')).decision).toMatchObject({
    outcome: 'held',
    reason: expect.stringMatching(/^the year of quiet; ann asked for its release, and a second person/) as string,
  });
  await bob?.put(release, text);
  await last(flow, 'dev');
  await flow.arrived('dev', urgent);
  expect(await flow.decisions('dev')).toContainEqual(
    expect.objectContaining({
      outcome: 'unannounced',
      commitId: urgent,
      override: { reason: 'customers wait', requestedBy: 'ann', confirmedBy: 'bob' },
    }),
  );
  const later = await flow.merge('dev');
  expect((await last(flow, 'dev')).decision).toMatchObject({ outcome: 'held', commitId: later });

  // A hold by hand keeps staging, and so prod, which gets the same tree by a merge commit of its own.
  const hold = parameterName('staging', 'orders-staging', 'hold');
  await sam?.put(hold, holdText({ reason: 'the database moves', until: null }));
  const reviewed = await flow.merge('staging');
  expect((await last(flow, 'staging')).decision).toMatchObject({
    outcome: 'held',
    reason: 'sam holds it: the database moves',
    until: null,
  });
  await flow.git('checkout', '--quiet', '-b', 'prod', 'main');
  await flow.git('merge', '--quiet', '--no-ff', '--message=Release', 'staging');
  await flow.git('push', '--quiet', 'origin', 'prod');
  const released = await flow.git('rev-parse', 'HEAD');
  expect(released).not.toBe(reviewed);
  expect((await last(flow, 'prod')).decision).toMatchObject({
    outcome: 'held',
    commitId: released,
    reason: expect.stringMatching(/^staging has not finished this commit/) as string,
  });

  // The release ends it: staging starts the commit, and when it has finished, its tree may go to prod.
  await sam?.remove(hold);
  await flow.sweep('staging');
  expect(await flow.arrived('staging', reviewed)).toMatchObject({ status: 'Succeeded' });
  await flow.cloud.settled();
  await flow.sweep('prod');
  expect(await flow.arrived('prod', released)).toMatchObject({ status: 'Succeeded' });
  expect(await flow.decisions('prod')).toContainEqual(
    expect.objectContaining({
      outcome: 'unannounced',
      reason: expect.stringContaining(`staging finished its tree as ${reviewed} in execution`) as string,
      override: null,
    }),
  );
}, 60_000);
