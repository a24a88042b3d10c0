import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { Playing, playing } from './playing.ts';
import { quickTemplate } from './quick-service.ts';

const withAwsCli = spawnSync('aws', ['--version']).status === 0;

test('one pipeline builds once and deploys to staging and then to production, which sees nothing of what staging did not take', async () => {
  const flow = await playing({ example: 'central-pipeline' });
  const good = await flow.merge('main');

  expect((await flow.arrived('release', good)).status).toBe('Succeeded');
  for (const target of ['staging', 'production'])
    expect(await flow.logGroups(target)).toContain(`/aws/lambda/orders-${target}`);

  const more = "  More: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: /of/somebody/else } }";
  const bad = await flow.merge('main', 'template.yaml', `${quickTemplate}${more}`);

  expect((await flow.arrived('release', bad)).status).toBe('Failed');
  expect(await flow.stages('release')).toMatchObject({ Build: 'Succeeded', Test: 'Succeeded', Staging: 'Failed' });
  expect(flow.refusals().join('\n')).toMatch(
    /orders-staging-deployment\/\S+ is not authorized to perform: logs:CreateLogGroup/,
  );
  expect(flow.refusals().join('\n')).not.toContain('orders-production');

  // The other repository's projects deploy themselves; its roles may not make a log of orders.
  if (!withAwsCli) return;
  const invoices = new Playing(flow.cloud, flow.clone, 'invoices');
  await flow.git('remote', 'set-url', 'origin', flow.cloud.cloneUrl('devops', 'invoices'));
  const other = await invoices.merge('main', 'template.yaml', quickTemplate);

  expect((await invoices.arrived('release', other)).status).toBe('Failed');
  expect(await invoices.stages('release')).toMatchObject({ Test: 'Succeeded', Staging: 'Failed' });
  expect(flow.refusals().join('\n')).toMatch(
    /invoices-staging-deployment\/\S+ is not authorized to perform: logs:CreateLogGroup/,
  );
});
