import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, inject, onTestFinished, test } from 'vitest';
import { proveVerb } from '../../cli/commands/prove.ts';
import { changedAssembly, hostile, propertiesOf, said, steering } from './static-verbs.ts';

function claimsFile(content: unknown): string {
  const directory = mkdtempSync(join(tmpdir(), 'mergecast-claims-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const file = join(directory, 'claims.json');
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

test('our own templates prove all claims, and the exit code says so', () => {
  const { code, text } = said(() => proveVerb({ assembly: inject('assembly') }));

  expect(code).toBe(0);
  expect(text).toContain('proven   no event of a branch other than prod reaches prod\n  by rule start');
  expect(text).toMatch(/14 claims, all proven$/);
});

test("a company's own claims stand beside the defaults, or in their place", () => {
  const own = { claims: [{ claim: 'never-branch', environment: 'prod', branch: 'dev' }] };
  const proofs = (file: string) =>
    JSON.parse(said(() => proveVerb({ assembly: inject('assembly'), claims: file, json: true })).text) as readonly {
      verdict: string;
    }[];

  expect(proofs(claimsFile(own))).toHaveLength(15);
  expect(proofs(claimsFile({ defaults: false, ...own }))).toMatchObject([
    { verdict: 'proven', sentence: 'no event of branch dev reaches prod' },
  ]);
});

test('a refuted claim prints a call with its event and ends with 1', () => {
  const assembly = changedAssembly('mergecast-prod', (resources) => {
    const statement = propertiesOf(resources, 'AWS::Events::EventBusPolicy', 'Intake')['Statement'] as {
      Condition: Record<string, unknown>;
    };
    delete statement.Condition['ArnEquals'];
  });

  const { code, text } = said(() => proveVerb({ assembly }));

  expect(code).toBe(1);
  expect(text).toContain('puts an event on arn:aws:events:eu-west-1:444444444444:event-bus/mergecast-prod');
  expect(text).toContain('event {"version":"0"');
  expect(text).toMatch(/14 claims, 1 refuted$/);
});

test('what cannot be decided is refused by name and ends with 2', () => {
  const assembly = changedAssembly('mergecast-prod', (resources) => {
    const statement = propertiesOf(resources, 'AWS::Events::EventBusPolicy', 'Intake')['Statement'] as {
      Condition: Record<string, unknown>;
    };
    statement.Condition['NumericLessThan'] = { 'aws:MultiFactorAuthAge': '60' };
  });

  const claims = claimsFile({ defaults: false, claims: [{ claim: 'put-only-by', bus: 'mergecast-prod', by: [] }] });
  const { code, text } = said(() => proveVerb({ assembly, claims }));

  expect(code).toBe(2);
  expect(text).toContain('asks for aws:MultiFactorAuthAge with NumericLessThan');
});

test('names in templates and claims cannot steer a terminal', () => {
  const assembly = changedAssembly('mergecast-prod', (resources) => {
    const pattern = propertiesOf(resources, 'AWS::Events::Rule', 'Intake')['EventPattern'] as {
      detail: Record<string, unknown>;
    };
    pattern.detail['branch'] = [hostile];
    const statement = propertiesOf(resources, 'AWS::Events::EventBusPolicy', 'Intake')['Statement'] as Record<
      string,
      unknown
    >;
    Object.assign(statement, { Sid: hostile, Principal: '*', Condition: {} });
  });
  const claims = claimsFile({ claims: [{ claim: 'started-only-by', pipeline: hostile, by: [] }] });

  const { code, text } = said(() => proveVerb({ assembly, claims }));

  expect(code).toBe(1);
  expect(text).toContain('\\u{1b}');
  expect(text).not.toMatch(steering);
});

test('a claims file that is not there, or makes no sense, says so', () => {
  const proving = (claims: string) => () => proveVerb({ assembly: inject('assembly'), claims });

  expect(proving('/nowhere/claims.json')).toThrow(/ClaimsInvalid: \/nowhere\/claims\.json cannot be read/);
  expect(proving(claimsFile('{'))).toThrow(/is not JSON/);
  expect(proving(claimsFile({ defaults: false }))).toThrow(/nothing is claimed/);
});
