import { expect, test } from 'vitest';
import { refuseBeyondQuotas } from '../../../shared/constructs/quotas.ts';
import { appOf, organisationFile } from '../../synthesis.ts';

test('the default organisation is within all quotas', () => {
  process.env['CDK_VALIDATION'] = 'false';

  expect(() => refuseBeyondQuotas(appOf(organisationFile).synth())).not.toThrow();
});

test('an event pattern that AWS would refuse at deployment is refused at synthesis, with its place and size', () => {
  process.env['CDK_VALIDATION'] = 'false';
  const repositories = Array.from({ length: 80 }, (_, index) => ({ name: `a-repository-with-a-long-name-${index}` }));
  const assembly = appOf({ ...organisationFile, repositories }, {}, 'devops').synth();

  expect(() => refuseBeyondQuotas(assembly)).toThrow(
    /QuotaExceeded: mergecast-devops\/AnnouncingMerges\w*: an event pattern of \d+ characters, and AWS takes 2048/,
  );
});
