import { expect, test } from 'vitest';
import type { Route } from '../../../audit/routes/types.ts';
import { routesMermaid } from '../../../cli/render/routes-mermaid.ts';
import { routesSvg } from '../../../cli/render/routes-svg.ts';
import { routesTable } from '../../../cli/render/routes-table.ts';

const hostile = '\u001b[2J"]; click n0 "javascript:x"\n<script>\u202e&';
const route: Route = {
  repository: hostile,
  branch: hostile,
  pipeline: hostile,
  hops: [
    {
      ...{ kind: 'rule', stack: 's', logicalId: 'R', account: '111111111111', name: hostile, arn: 'a' },
      ...{ deadLetters: hostile, alarms: [hostile], archives: [hostile], missing: [hostile] },
    },
  ],
  broken: [hostile],
};

test('names from templates cannot steer a terminal', () => {
  const text = routesTable([route]);

  expect(text).not.toMatch(/\u001b\[2J|\u202e/);
  expect(text.split('\n')).toHaveLength(5);
});

test('names from templates stay inside their Mermaid labels', () => {
  const lines = routesMermaid([route]).split('\n');

  expect(lines).toHaveLength(4);
  for (const line of lines.slice(1, 3)) expect(line).toMatch(/^ {2}n\d\["[^"<>\]]*"\]$/);
});

test('names from templates stay text in the image', () => {
  const image = routesSvg([route]);

  expect(image).not.toMatch(/<script|\u001b|\u202e/);
  expect(image).toContain('&lt;script&gt;');
});
