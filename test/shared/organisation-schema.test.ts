import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Fault } from '../../shared/fault.ts';
import { parseOrganisation, remarksOn } from '../../shared/organisation-schema.ts';
import table from '../cases/organisation-mistakes.json' with { type: 'json' };
import { organisationFile } from '../synthesis.ts';

test('an environment takes all repositories and the region of DevOps unless it says otherwise', () => {
  const { environments, repositories } = parseOrganisation(organisationFile);

  expect(environments[2]).toEqual({
    name: 'prod',
    account: '444444444444',
    branch: 'prod',
    region: 'eu-west-1',
    repositories: ['orders'],
  });
  expect(repositories).toEqual([{ name: 'orders', create: true }]);
});

test('a repository that exists already is only named', () => {
  const { repositories } = parseOrganisation({ ...organisationFile, repositories: [{ name: 'orders' }] });

  expect(repositories).toEqual([{ name: 'orders', create: false }]);
});

test('an environment in the DevOps account is allowed, and said', () => {
  const [dev, ...others] = organisationFile.environments;
  const file = { ...organisationFile, environments: [{ ...dev, account: '111111111111' }, ...others] };

  expect(remarksOn(parseOrganisation(file))).toEqual([
    'environment dev runs in the DevOps account 111111111111: whoever administers one administers both',
  ]);
});

describe('a mistake is told with its path, its value and a hint', () => {
  test.each(table.cases)('$name', ({ set, path, value, hint }) => {
    const line = refused(changed(set))
      .split('\n')
      .find((each) => each.startsWith(`  ${path}: `));

    expect(line).toContain(`${path}: ${value}: `);
    expect(line).toContain(hint);
  });
});

test('all mistakes are told at once, those of fields and those between fields', () => {
  const message = refused(
    changed({
      'devops.account': 7,
      'environments.0.branch': 'a b',
      'environments.1.name': 'dev',
      'environments.2.repositories': ['nothing'],
      'environments.2.region': 'eu-central-1',
    }),
  );

  expect(message).toContain('organisation.ts has 5 mistakes:');
  for (const path of ['devops.account', 'environments[0].branch', 'environments[1].name', 'environments[2].region'])
    expect(message).toContain(`\n  ${path}: `);
});

test('more environments than a stack holds are refused with the number of stacks that is enough', () => {
  const environments = Array.from({ length: 60 }, (_, index) => ({
    name: `team${index}`,
    account: '222222222222',
    branch: 'main',
  }));

  expect(refused({ ...organisationFile, environments })).toContain(
    'devops.environmentStacks: missing: 60 environments would share a stack and 40 fit: spread them with environmentStacks: 2',
  );
  const spread = { ...organisationFile, environments, devops: { ...organisationFile.devops, environmentStacks: 2 } };
  expect(parseOrganisation(spread).environments).toHaveLength(60);
});

test('more environments than a bus has rules for are refused until the quota is raised', () => {
  const environments = Array.from({ length: 300 }, (_, index) => ({
    name: `team${index}`,
    account: '222222222222',
    branch: 'main',
  }));
  const devops = { ...organisationFile.devops, environmentStacks: 13 };

  expect(refused({ ...organisationFile, devops, environments })).toContain(
    "environments: 300: each needs a rule on one bus, and AWS's quota there is 300",
  );
  const raised = { ...organisationFile, devops: { ...devops, rulesPerBus: 1000 }, environments };
  expect(parseOrganisation(raised).environments).toHaveLength(300);
});

test('whatever the file exports, it is read or refused, quickly and on one line for each mistake', () => {
  fc.assert(
    fc.property(fc.anything({ withBigInt: true, withNullPrototype: true, withDate: true }), (file) => {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what must not come through
      expect(refused(file)).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f]/);
    }),
  );
});

test('a terminal escape in a name or a key is shown, not sent', () => {
  const message = refused({ ...organisationFile, alarmEmail: '\u001b[2J', '\u001b[31m': 1 });

  expect(message).not.toContain('\u001b');
  expect(message).toContain("alarmEmail: '\\x1B[2J'");
});

function refused(file: unknown): string {
  try {
    parseOrganisation(file);
  } catch (error) {
    expect(error).toBeInstanceOf(Fault);
    expect((error as Fault).code).toBe('OrganisationInvalid');
    return (error as Fault).message;
  }
  throw new Error('the file was taken');
}

/** The default organisation with values set at paths such as `environments.0.account`. */
function changed(set: object): unknown {
  const file = structuredClone(organisationFile) as unknown;
  for (const [path, value] of Object.entries(set)) {
    const keys = path.split('.');
    const last = keys.pop() ?? '';
    const place = keys.reduce((at, key) => (at as Record<string, unknown>)[key], file) as Record<string, unknown>;
    place[last] = value;
  }
  return file;
}
