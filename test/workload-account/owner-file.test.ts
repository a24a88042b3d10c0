import { expect, test } from 'vitest';
import { parseOrganisation } from '../../shared/organisation-schema.ts';
import { checkedPipelines, ownPipelines, strayOwnerFiles } from '../../workload-account/owner-file.ts';
import { type PipelineDefinition, pipeline, pipelines } from '../../workload-account/pipeline-definition.ts';
import { build } from '../../workload-account/steps/build.ts';
import { functionAgrees, window } from '../../workload-account/steps/rules.ts';
import { organisationFile } from '../synthesis.ts';

const { environments } = parseOrganisation(organisationFile);
const [dev] = environments;
if (dev === undefined) throw new Error('the default organisation has no environment');

const stagesOf = (definitions: readonly PipelineDefinition[]) =>
  definitions.map(({ repository, steps }) => [repository, ...steps.map(({ stage }) => stage)]);

test("an environment's pipelines are those of its owner's file", async () => {
  expect(stagesOf(await ownPipelines(dev))).toEqual([['orders', 'Build', 'Deploy']]);
});

test('an environment without a file builds and deploys each repository that it follows', async () => {
  const qa = { ...dev, name: 'qa', repositories: ['orders', 'invoices'] };

  expect(stagesOf(await ownPipelines(qa))).toEqual([
    ['orders', 'Build', 'Deploy'],
    ['invoices', 'Build', 'Deploy'],
  ]);
});

test('a file of no environment is told', () => {
  expect(strayOwnerFiles(environments)).toEqual([]);
  expect(strayOwnerFiles([dev])).toEqual([
    'workload-account/environments/prod.ts',
    'workload-account/environments/staging.ts',
  ]);
});

test.each<[string, unknown, RegExp]>([
  ['no export', undefined, /write export default pipelines/],
  ['an empty list', [], /write export default pipelines/],
  ['a list of something else', [null], /write export default pipelines/],
  ['no steps', pipelines(pipeline('orders')), /pipeline\('orders'\): it has no steps: add one, such as \.build\(\)/],
  [
    'a window that never opens',
    [pipeline('orders').build().onlyWhen(window('* * * 30 FEB ? *'))],
    /stage 'Build': window\('\* \* \* 30 FEB \? \*'\) never opens/,
  ],
  ['paths that can never match', [pipeline('orders').onlyFor('/src/**').build()], /'\/src\/\*\*' can never match/],
  ['a repository not followed', pipelines(pipeline('ordres').build()), /does not follow this repository, but orders/],
  ['two of one repository', [pipeline('orders').build(), pipeline('orders').build()], /there is one already/],
  ['two stages of one name', [pipeline('orders').build().build()], /two stages are named 'Build': name this one with/],
  ['a stage named Source', [pipeline('orders').build({ stage: 'Source' })], /two stages are named 'Source'/],
  ['a stage with spaces', [pipeline('orders').build({ stage: 'Build it' })], /stage 'Build it': CodePipeline takes/],
  [
    'a freeze without its zone',
    [pipeline('orders').build().freeze({ from: '2026-12-24', until: '2027-01-02T00:00:00Z', reason: 'holidays' })],
    /freeze 'holidays': '2026-12-24' is no time with its zone/,
  ],
  [
    'an environment that its starter may not read the records of',
    [pipeline('orders').requires('staging').build()],
    /requires\('staging'\): add evidenceFrom: \['staging'\] to dev in organisation\.ts/,
  ],
  [
    'itself as evidence',
    [pipeline('orders').requires('dev').build()],
    /requires\('dev'\): an environment is no evidence/,
  ],
  [
    'a freeze that never holds',
    [
      pipeline('orders')
        .build()
        .freeze({ from: '2027-01-02T00:00:00Z', until: '2026-12-24T00:00:00+01:00', reason: 'holidays' }),
    ],
    /freeze 'holidays': it ends \(2026-12-24T00:00:00\+01:00\) before it begins/,
  ],
  [
    'a step that starts what merges start',
    [pipeline('orders').build().startPipeline('orders-dev')],
    /stage 'StartPipeline' starts orders-dev, which merges alone start/,
  ],
  [
    'hours that nobody can read',
    [pipeline('orders').build().openHours(['Mo-Fr 9-17'], { zone: 'Europe/Berlin', reason: 'office hours' })],
    /openHours\(\): OpenHoursInvalid: 'Mo-Fr 9-17' is no span of days and times \(write spans as Mon-Fri 09:00-17:00\)/,
  ],
  [
    'hours that never are open together',
    [
      pipeline('orders')
        .build()
        .openHours(['Mon-Fri 09:00-17:00'], { zone: 'UTC', reason: 'office hours' })
        .openHours(['Sat 09:00-17:00'], { zone: 'UTC', reason: 'weekend' }),
    ],
    /its opening hours never are open at the same time/,
  ],
  ['nothing side by side', [pipeline('orders').sideBySide('Both')], /stage 'Both' holds no step/],
  [
    'one name inside and outside',
    [pipeline('orders').build().sideBySide('Both', build())],
    /two stages are named 'Build'/,
  ],
  [
    'two conditions before a stage',
    [pipeline('orders').build().onlyWhen(window('* * 9-17 ? * MON-FRI *')).skippedUnless(functionAgrees('ask'))],
    /onlyWhen\(\) and skippedUnless\(\): AWS takes one condition/,
  ],
  [
    'a stage skipped by the time of day',
    [pipeline('orders').build().skippedUnless(window('* * 9-17 ? * MON-FRI *'))],
    /skippedUnless\(\) takes variable\(\) and functionAgrees\(\), and no DeploymentWindow/,
  ],
])("an owner's file with %s is refused", (_, exported, words) => {
  expect(() => checkedPipelines(dev, exported)).toThrow(words);
  expect(() => checkedPipelines(dev, exported)).toThrow('OwnerFileInvalid: workload-account/environments/dev.ts');
});

const hours = window('* * 9-17 ? * MON-FRI *');
const agreed = functionAgrees('release-gate');

test.each<[string, PipelineDefinition, string]>([
  [
    'a condition before the first step',
    pipeline('orders').onlyWhen(hours).build(),
    'onlyWhen() stands before the first step: write it after the step that it is about',
  ],
  [
    'a failure rule before the first step',
    pipeline('orders').onFailure('retry').build(),
    'onFailure() stands before the first step: write it after the step that it is about',
  ],
  ['a condition without a rule', pipeline('orders').build().onlyWhen(), 'onlyWhen() names no rule'],
  [
    'two answers to a failure',
    pipeline('orders').build().onFailure('retry').onFailure('roll back'),
    "onFailure('roll back') comes after onFailure('retry'): keep one of them",
  ],
  ['paths in two places', pipeline('orders').build().onlyFor('a/**').onlyFor('b/**'), 'onlyFor() is said twice'],
  [
    'two modes',
    pipeline('orders').mode('QUEUED').build().mode('SUPERSEDED'),
    "mode('SUPERSEDED') comes after mode('QUEUED'): keep one of them",
  ],
  [
    'a condition of one step among several',
    pipeline('orders').sideBySide('Verify', { ...build(), conditions: { entry: [hours] } }),
    "step 'Build' has conditions inside 'Verify'",
  ],
])('what would be lost without a word is refused: %s', (_what, definition, mistake) => {
  expect(() => checkedPipelines(dev, [definition])).toThrow(mistake);
});

test('a step that is added beside the exported sentence is refused, with its line', () => {
  const beginning = pipeline('orders').build();
  beginning.approve('Release?');
  const check = (exported: PipelineDefinition) => () => checkedPipelines(dev, [exported], import.meta.filename);

  expect(check(beginning.deployStack())).toThrow(
    /line \d+ adds to a pipeline, and what it answers is not used: say it in the sentence/,
  );
  expect(check(pipeline('orders').build().deployStack())).not.toThrow();
});

test('a beginning that owners share is no mistake of any of their files', () => {
  const shared = pipeline('orders').build();
  shared.approve('Release?').deployStack();

  expect(() => checkedPipelines(dev, [shared.deployStack()], '/elsewhere/dev.ts')).not.toThrow();
});

test('hours without their zone and reason are told as such', () => {
  const hasty = pipeline('orders').build() as unknown as { openHours(open: readonly string[]): PipelineDefinition };

  expect(() => checkedPipelines(dev, [hasty.openHours(['Mon 09:00-17:00'])])).toThrow(/'' is no time zone/);
});

test('conditions of one step add up', () => {
  const { steps } = pipeline('orders')
    .build()
    .onlyWhen(hours)
    .onlyWhen(agreed)
    .rolledBackUnless(agreed)
    .onFailure('retry');

  expect(steps[0]?.conditions).toEqual({ entry: [hours, agreed], rolledBackUnless: [agreed], onFailure: 'retry' });
});

test('all mistakes of a file are told at once', () => {
  const exported = [pipeline('nothing'), pipeline('orders').build().build()];

  expect(() => checkedPipelines(dev, exported)).toThrow(/does not follow.*no steps.*two stages/);
});

test('each call of a pipeline makes a new one, so that owners may share beginnings', () => {
  const built = pipeline('orders').build();
  const released = built.approve('Release?').deployStack();

  expect(stagesOf([built, released])).toEqual([
    ['orders', 'Build'],
    ['orders', 'Build', 'Approve', 'Deploy'],
  ]);
});
