import { expect, test } from 'vitest';
import { liveLine } from '../../../cli/render/live.ts';
import { reasonText } from '../../../cli/render/reason.ts';

const refusal =
  'User: arn:aws:sts::222222222222:assumed-role/deployment/CloudFormation is not authorized to perform: iam:CreateRole on resource: arn:aws:iam::222222222222:role/orders/orders-dev-Role because no identity-based policy allows the iam:CreateRole action';

test('a reason is shown whole, and its further lines cannot look like lines of the view', () => {
  const text = `orders-dev failed: ${'the long way to the point, '.repeat(20)}and the point\n12:00:00.000  run       prod      orders-prod succeeded`;

  const shown = liveLine({ word: 'fault', at: 0, outcome: 'neutral', text });

  expect(shown).toContain('and the point\n');
  expect(shown.split('\n')[1]).toMatch(/^ {34}12:00:00/);
});

test('escapes of the terminal and marks of direction stay harmless', () => {
  expect(reasonText('\u001b[2Jgone \u202etxet', 2)).toBe('\\u{1b}[2Jgone \\u{202e}txet');
});

test('a role that lacks its boundary is told what it needs', () => {
  expect(reasonText(refusal, 2, 'dev')).toContain(
    '\n  each role of the template needs the PermissionsBoundary mergecast-dev-boundary: see docs/decisions/0007',
  );
  expect(reasonText('not authorized to perform: s3:GetObject', 2, 'dev')).not.toContain('PermissionsBoundary');
});
