import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { expect, onTestFinished, test } from 'vitest';
import { production } from '../../examples/own-repository/stack.ts';
import { playing } from './playing.ts';

test("production's stack comes from its owner's own repository, and the DevOps account notices no difference", async () => {
  process.env['CDK_VALIDATION'] = 'false';
  const outdir = mkdtempSync(join(tmpdir(), 'mergecast-own-'));
  onTestFinished(() => rmSync(outdir, { recursive: true, force: true }));
  const own = production(outdir).synth().getStackByName('mergecast-prod').template as object;
  const flow = await playing({ edit: { 'mergecast-prod': (template) => Object.assign(template, own) } });

  const commitId = await flow.merge('prod');
  await flow.answer('Approved');

  expect((await flow.arrived('prod', commitId)).status).toBe('Succeeded');
  const { Contents = [] } = await new S3Client(flow.settings('prod')).send(
    new ListObjectsV2Command({ Bucket: 'orders-prod-site' }),
  );
  expect(Contents.map(({ Key }) => Key)).toEqual(['template.yaml']);
});
