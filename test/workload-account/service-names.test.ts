import { expect, test } from 'vitest';
import { parseOrganisation } from '../../shared/organisation-schema.ts';
import { checkedPipelines } from '../../workload-account/owner-file.ts';
import { pipeline, pipelines } from '../../workload-account/pipeline-definition.ts';
import { organisationFile, resourcesOf, synthesized } from '../synthesis.ts';

const [dev] = parseOrganisation(organisationFile).environments;
const check = (...parts: readonly string[]) =>
  checkedPipelines(dev as never, pipelines(...parts.map((part) => pipeline('orders', part).build())));

test('a repository of several services has a pipeline for each, with names, stacks and paths of its own', () => {
  const service = (part: string) => pipeline('orders', part).build().deployStack().onlyFor(`${part}/**`);
  const template = synthesized(organisationFile, { dev: [service('web'), service('api')] }, 'dev').get('mergecast-dev');
  if (template === undefined) throw new Error('dev was not synthesized');

  const made = Object.values(resourcesOf(template, 'AWS::CodePipeline::Pipeline')).map(({ Properties }) => Properties);
  const text = JSON.stringify(template.toJSON());

  expect(made.map(({ Name }) => Name)).toEqual(['orders-web-dev', 'orders-api-dev']);
  expect(JSON.stringify(made[1])).toContain('"RepositoryName":"orders"');
  expect(JSON.stringify(made[1])).toContain('"StackName":"orders-api-dev"');
  expect(text).toContain('role/orders-api/orders-api-dev-*');
  expect(text).toContain(
    String.raw`{\"pipeline\":\"orders-api-dev\",\"repository\":\"orders\",\"paths\":[\"api/**\"]}`,
  );
});

test.each<[string, readonly string[], RegExp]>([
  [
    'the same part twice',
    ['web', 'web'],
    /pipeline\('orders-web'\): there is one already: give each a part of its own/,
  ],
  ['a part in other letters', ['wéb'], /a part is named with letters, digits and hyphens/],
  ['an empty part', [''], /a part is named with letters/],
  ['a very long part', ['w'.repeat(60)], /'orders-w+-dev', 15 characters too long/],
  [
    'a stack that belongs to another by its name',
    ['web', 'web-dev'],
    /stack 'orders-web-dev-dev' is named like a part of stack 'orders-web-dev', whose deployments could change it/,
  ],
])('%s is refused', (_, parts, words) => {
  expect(() => check(...parts)).toThrow(words);
});
