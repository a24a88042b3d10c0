import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { expect, test } from 'vitest';
import { pipeline } from '../../workload-account/pipeline-definition.ts';
import { build } from '../../workload-account/steps/build.ts';
import { alarmQuiet, variable, window } from '../../workload-account/steps/rules.ts';
import { test as testStep } from '../../workload-account/steps/test.ts';
import { playing } from './playing.ts';

const buildspec = `version: 0.2
env:
  exported-variables: [RELEASE]
phases:
  build:
    commands:
      - export RELEASE=yes
      - echo "<h1>$STAGE</h1>" > index.html
artifacts:
  files: [template.yaml, index.html]
`;

test('steps side by side, commands, a site, a change set that a person looks at, and conditions of stages', async () => {
  const bucket = 'orders-dev-site';
  const dev = pipeline('orders')
    .sideBySide('Verify', build(), testStep({ commands: ['test -f template.yaml'] }))
    .commands(['cp index.html page.html', 'export SHOWN=yes'], {
      stage: 'Pages',
      input: 'Build',
      files: ['*.html', 'template.yaml'],
      variables: ['SHOWN'],
    })
    .deploySite(bucket, { stage: 'Publish', prefix: 'shop' })
    .skippedUnless(variable('#{Build.RELEASE}', 'EQ', 'yes'), variable('#{Pages.SHOWN}', 'EQ', 'yes'))
    .deploySite(bucket, { stage: 'Archive', prefix: 'archive' })
    .skippedUnless(variable('#{Build.RELEASE}', 'EQ', 'no'))
    .deployStack({ look: 'Carry these changes out?' })
    .onlyWhen(window('* * * ? * * *', 'Europe/Berlin'), alarmQuiet('mergecast-dev-undelivered'))
    .onFailure('retry');
  const flow = await playing({
    buildspec,
    dev,
    edit: {
      'mergecast-dev': ({ Resources }) => {
        Resources['Site'] = { Type: 'AWS::S3::Bucket', Properties: { BucketName: bucket } };
      },
    },
  });

  const commitId = await flow.merge('dev');
  await flow.approvalWaits('dev', 'Deploy', 'Deploy-Look');
  expect(await flow.logGroups('dev')).not.toContain('/aws/lambda/orders-dev');
  await flow.answer('Approved', 'dev', 'Deploy', 'Deploy-Look');
  const { status } = await flow.arrived('dev', commitId);

  expect(status).toBe('Succeeded');
  expect(await flow.stages('dev')).toMatchObject({ Verify: 'Succeeded', Publish: 'Succeeded', Archive: 'Skipped' });
  expect(await flow.logGroups('dev')).toContain('/aws/lambda/orders-dev');
  const page = await new S3Client(flow.settings('dev')).send(
    new GetObjectCommand({ Bucket: bucket, Key: 'shop/page.html' }),
  );
  expect(await page.Body?.transformToString()).toBe('<h1>dev</h1>\n');
});
