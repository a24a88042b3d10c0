import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Validations } from 'aws-cdk-lib';
import { ManualApprovalAction } from 'aws-cdk-lib/aws-codepipeline-actions';
import { ArnPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { AwsSolutionsChecks } from 'cdk-nag';
import { expect, inject, test } from 'vitest';
import { pipeline } from '../workload-account/pipeline-definition.ts';
import { deploySite } from '../workload-account/steps/deploy-site.ts';
import { invoke } from '../workload-account/steps/invoke.ts';
import { alarmQuiet, functionAgrees, window } from '../workload-account/steps/rules.ts';
import { checkout, run, templates } from './synth-run.ts';
import { appOf, appOfFolder, organisationFile, resourcesOf, synthesized } from './synthesis.ts';

test('the default organisation is four stacks, each in its account', () => {
  const manifest = JSON.parse(readFileSync(join(inject('assembly'), 'manifest.json'), 'utf8')) as {
    artifacts: Record<string, { type: string; environment?: string; dependencies?: string[] }>;
  };

  const stacks = Object.entries(manifest.artifacts).filter(([, { type }]) => type === 'aws:cloudformation:stack');

  expect(stacks.map(([name, { environment }]) => `${name} ${environment}`)).toEqual([
    'mergecast-devops aws://111111111111/eu-west-1',
    'mergecast-dev aws://222222222222/eu-west-1',
    'mergecast-staging aws://333333333333/eu-west-1',
    'mergecast-prod aws://444444444444/eu-west-1',
  ]);
  for (const [name, { dependencies }] of stacks) expect(dependencies).toEqual([`${name}.assets`]);
});

test("no template refers to another's: nothing is imported or exported, every name is text", () => {
  for (const [name, text] of templates(inject('assembly'))) {
    expect(text, name).not.toContain('Fn::ImportValue');
    expect(Object.keys(JSON.parse(text) as object), name).not.toContain('Outputs');
  }
});

test("AWS's own validator finds nothing in the templates", () => {
  const { status, output } = run(checkout, [], { CDK_VALIDATION: 'true' });

  expect(output).toBe('');
  expect(status).toBe(0);
}, 240_000);

test('the AwsSolutions pack of cdk-nag finds nothing that is not reasoned', () => {
  process.env['CDK_VALIDATION'] = 'false';
  const prod = pipeline('orders')
    .build()
    .test({ commands: ['true'], reports: '*.xml', environment: { TOKEN: { parameter: '/orders/token' } } })
    .approve('Release?', { notify: ['ops@example.com'] })
    .deployStack({ look: 'Carry these changes out?' })
    .onlyWhen(window('* * 9-17 ? * MON-FRI *'), alarmQuiet('errors'), functionAgrees('ask'))
    .sideBySide(
      'After',
      invoke('smoke', { parameters: { depth: 2 } }),
      deploySite('site', { stage: 'Site', prefix: 'shop' }),
    )
    .commands(['make pages'], { stage: 'Pages', input: 'Build', files: ['pages/**'], variables: ['PAGES'] })
    .deployServers({ stage: 'Servers', tags: { app: 'orders' }, alarms: ['errors'] })
    .deployFunction('orders', { stage: 'Function', after: 'smoke', alarms: ['errors'] })
    .deployService({
      stage: 'Service',
      cluster: 'shop',
      service: 'orders',
      listenerArn:
        'arn:aws:elasticloadbalancing:eu-west-1:444444444444:listener/app/shop/50dc6c495c0c9188/f2f7dc8efc522ab2',
      targetGroups: ['orders-blue', 'orders-green'],
    })
    .deployBeanstalk({ stage: 'Beanstalk', application: 'orders', environment: 'orders-prod' })
    .runStateMachine('nightly', { input: { stage: 'prod' } })
    .startPipeline('nightly', { variables: { commit: '#{SourceVariables.CommitId}' } })
    .action('Own', ({ scope, pipelineRole }) => {
      const role = new Role(scope, 'Role', { assumedBy: new ArnPrincipal(pipelineRole.roleArn) });
      return new ManualApprovalAction({ actionName: 'Own', role });
    });
  const app = appOf(organisationFile, { prod });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));

  expect(() => app.synth()).not.toThrow();

  const reasons = app.node
    .findAll()
    .flatMap(({ node }) =>
      node.metadata
        .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
        .map(({ data }) => JSON.stringify(data)),
    );
  expect(reasons.length).toBeGreaterThan(0);
  for (const reason of reasons) expect(reason.length).toBeGreaterThan(60);
});

test.each(['single-account', 'central-pipeline', 'monorepo'])('neither does it in examples/%s', async (name) => {
  process.env['CDK_VALIDATION'] = 'false';
  const app = await appOfFolder(join(checkout, 'examples', name));
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));

  expect(() => app.synth()).not.toThrow();
});

test('150 environments are spread over stacks that AWS takes', () => {
  const many = organisationOf(150, { environmentStacks: 6 });

  const devops = [...synthesized(many, {}, 'devops')];

  expect(devops.map(([name]) => name)).toHaveLength(7);
  for (const [name, template] of devops)
    expect(Object.keys(resourcesOf(template)).length, name).toBeLessThanOrEqual(500);
  const forwards = devops.flatMap(([, template]) =>
    Object.values(resourcesOf(template, 'AWS::Events::Rule')).filter(({ Properties }) =>
      String(Properties['Name']).startsWith('forward-'),
    ),
  );
  expect(new Set(forwards.map(({ Properties }) => Properties['Name'])).size).toBe(150);
});

test('forty environments still share the one DevOps stack', () => {
  const template = synthesized(organisationOf(40, {}), {}, 'devops').get('mergecast-devops');

  expect(Object.keys(template ? resourcesOf(template) : {}).length).toBeLessThanOrEqual(500);
});

test('a new environment moves no other between stacks', () => {
  const stackOf = (count: number) => {
    const homes = new Map<string, string>();
    for (const [stack, template] of synthesized(organisationOf(count, { environmentStacks: 3 }), {}, 'devops'))
      for (const { Properties } of Object.values(resourcesOf(template, 'AWS::Events::Rule')))
        if (String(Properties['Name']).startsWith('forward-')) homes.set(String(Properties['Name']), stack);
    return homes;
  };

  const before = stackOf(20);
  const after = stackOf(21);

  for (const [rule, stack] of before) expect(after.get(rule)).toBe(stack);
});

test('a stack that is asked for and unknown is refused with those there are', () => {
  const { status, output } = run(checkout, ['-c', 'only=qa']);

  expect(status).toBe(2);
  expect(output).toContain("StackUnknown: only='qa' is none of devops, dev, staging, prod");
});

function organisationOf(count: number, devops: object) {
  return {
    ...organisationFile,
    devops: { ...organisationFile.devops, ...devops },
    organisationId: 'o-a1b2c3d4e5',
    environments: Array.from({ length: count }, (_, index) => ({
      name: `team${index}`,
      account: String(200_000_000_000 + index),
      branch: `team${index % 20}`,
    })),
  };
}
