import { expect, test } from 'vitest';
import { ZipFile } from 'yazl';
import { administrator } from '../../local/accounts.ts';
import type { ActionContext } from '../../local/services/codepipeline/actions/action.ts';
import { cloudformation as action } from '../../local/services/codepipeline/actions/cloudformation.ts';
import { readZipEntry } from '../../local/world/zip.ts';
import { broken, cloudformationWorld, group, place } from './cloudformation-world.ts';

async function zipped(name: string, content: string): Promise<Buffer> {
  const zip = new ZipFile();
  zip.addBuffer(Buffer.from(content), name);
  zip.end();
  const chunks: Buffer[] = [];
  for await (const chunk of zip.outputStream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** The action in a world, with a template in its input artifact, run as the account's administrator. */
async function acting() {
  const cloud = await cloudformationWorld();
  const { world } = cloud;
  const put = new Map<string, Buffer>();
  const run = async (configuration: Record<string, string>, resources: object = {}, more: object = {}) => {
    const artifact = await zipped('template.json', cloud.template(resources, more).TemplateBody);
    const context = {
      world,
      configuration: { StackName: 'one', TemplatePath: 'Build::template.json', ...configuration },
      execution: { pipeline: place, artifacts: {} },
      action: { outputs: ['Told'] },
      session: administrator(world, place.account),
      getArtifact: async () => Promise.resolve(artifact),
      putArtifact: async (name: string, content: Buffer) => Promise.resolve(void put.set(name, content)),
    };
    return action.run(context as unknown as ActionContext);
  };
  return { ...cloud, run, put };
}

const outputs = { Outputs: { Told: { Value: 'yes' } } };

test('CREATE_UPDATE tells the outputs as variables and in the file of OutputFileName', async () => {
  const { run, put } = await acting();

  const { variables } = await run(
    { ActionMode: 'CREATE_UPDATE', OutputFileName: 'told.json' },
    { First: group('/first') },
    outputs,
  );

  expect(variables).toEqual({ Told: 'yes' });
  const file = await readZipEntry(put.get('Told') ?? Buffer.alloc(0), 'told.json');
  expect(JSON.parse(String(file))).toEqual({ Told: 'yes' });
});

test('CHANGE_SET_REPLACE makes the change set anew, and CHANGE_SET_EXECUTE executes it', async () => {
  const { run, logGroups, describeStack } = await acting();
  const planned = { ChangeSetName: 'planned' };

  await run({ ActionMode: 'CHANGE_SET_REPLACE', ...planned }, { First: group('/a') });
  await run({ ActionMode: 'CHANGE_SET_REPLACE', ...planned }, { First: group('/b') }, outputs);
  expect(await describeStack('one')).toMatchObject({ StackStatus: 'REVIEW_IN_PROGRESS' });
  const { variables } = await run({ ActionMode: 'CHANGE_SET_EXECUTE', ...planned });

  expect(await logGroups()).toEqual(['/b']);
  expect(variables).toEqual({ Told: 'yes' });
});

test('a change set without changes lets the pipeline go on', async () => {
  const { run, create } = await acting();
  await create('one', { First: group('/a') });

  await run({ ActionMode: 'CHANGE_SET_REPLACE', ChangeSetName: 'planned' }, { First: group('/a') });

  expect(await run({ ActionMode: 'CHANGE_SET_EXECUTE', ChangeSetName: 'planned' })).toMatchObject({
    externalId: 'one',
  });
});

test('REPLACE_ON_FAILURE makes a failed stack anew, which CREATE_UPDATE cannot', async () => {
  const { run, describeStack } = await acting();
  const failing = run({ ActionMode: 'CREATE_UPDATE' }, { First: group('/a'), Second: broken('First') });
  await expect(failing).rejects.toThrow('stack one: Second (AWS::Lambda::Function)');
  await expect(run({ ActionMode: 'CREATE_UPDATE' }, { First: group('/a') })).rejects.toThrow('ROLLBACK_COMPLETE');

  await run({ ActionMode: 'REPLACE_ON_FAILURE' }, { First: group('/a') });

  expect(await describeStack('one')).toMatchObject({ StackStatus: 'CREATE_COMPLETE' });
});

test('DELETE_ONLY deletes the stack, and one that is not there is no failure', async () => {
  const { run, create, logGroups } = await acting();
  await create('one', { First: group('/a') });

  await run({ ActionMode: 'DELETE_ONLY' });
  await run({ ActionMode: 'DELETE_ONLY' });

  expect(await logGroups()).toEqual([]);
});

test.each([
  [{ ActionMode: 'CHANGE_SET_EXECUTE' }, 'ChangeSetName is missing: ActionMode CHANGE_SET_EXECUTE needs it'],
  [{ ActionMode: 'UPDATE' }, 'ActionMode UPDATE is none of CREATE_UPDATE'],
])('%j is refused: %s', async (configuration, text) => {
  const { run } = await acting();

  await expect(run(configuration)).rejects.toThrow(text);
});
