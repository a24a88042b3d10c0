import { expect, test } from 'vitest';
import type { Journey } from '../../../audit/trail/journey.ts';
import { traceText } from '../../../cli/render/trace.ts';
import { tracePage } from '../../../cli/render/trace-page.ts';

const hostile = '<script>alert(1)</script>\u001b[2J\u202E"&';

const journey: Journey = {
  repository: hostile,
  branch: hostile,
  commitId: 'a'.repeat(40),
  announcements: [],
  environments: [
    {
      environment: hostile,
      account: '222222222222',
      pipeline: hostile,
      decisions: [],
      executions: [
        {
          executionId: hostile,
          pipeline: hostile,
          account: '222222222222',
          attempts: 1,
          startedBy: hostile,
          state: hostile,
          startedAt: 0,
          endedAt: 1000,
          stages: [
            {
              name: hostile,
              state: hostile,
              startedAt: 0,
              endedAt: 500,
              actions: [{ name: hostile, category: null, summary: hostile, state: 'FAILED' }],
            },
          ],
        },
      ],
    },
  ],
  gaps: [hostile],
};

test('names and reasons from outside are shown in the page and never become markup', () => {
  const page = tracePage([journey]);

  expect(page).not.toMatch(/<script|\u001b|\u202E/);
  expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;\\u{1b}[2J\\u{202e}&quot;&amp;');
});

test('nor do they reach the terminal as escapes', () => {
  expect(traceText(journey)).not.toMatch(/\u001b\[2J|\u202E/);
});
