import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type PolicyPlace, parsePolicy } from '../../../languages/iam-policy/parse.ts';
import { Fault } from '../../../shared/fault.ts';
import cases from '../../cases/iam-refusals.json' with { type: 'json' };

interface Case {
  readonly document: unknown;
  readonly says: string;
  readonly place?: PolicyPlace;
}

describe('a policy is refused', () => {
  test.each(cases as readonly Case[])('$says', ({ document, says, place }) => {
    const parse = () => parsePolicy(document, place);

    expect(parse).toThrow(/^MalformedPolicyDocument: /);
    expect(parse).toThrow(says);
  });
});

test('a policy may be text or a value, with single values or lists', () => {
  const document = { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: ['s3:*'], Resource: '*' } };

  expect(parsePolicy(JSON.stringify(document))).toEqual(parsePolicy(document));
  expect(parsePolicy(document).statements).toEqual([
    { effect: 'Allow', actions: ['s3:*'], resources: ['*'], conditions: [], variables: true },
  ]);
});

test('whatever comes, it is parsed or refused in little time', () => {
  const words = fc.constantFrom(
    ...[
      'Version',
      'Statement',
      'Effect',
      'Action',
      'NotAction',
      'Resource',
      'NotResource',
      'Principal',
      'NotPrincipal',
    ],
    ...[
      'Condition',
      'Sid',
      'AWS',
      'Service',
      'StringEquals',
      'ForAllValues:Null',
      'NullIfExists',
      '__proto__',
      'toString',
    ],
  );
  const leaf = fc.oneof(
    fc.string(),
    fc.constantFrom('Allow', 'Deny', '*', '2012-10-17', 's3:*', '${a', 'true'),
    fc.double(),
  );
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { maxDepth: 5 },
      leaf,
      fc.array(tie('tree'), { maxLength: 3 }),
      fc.dictionary(words, tie('tree'), { maxKeys: 5 }),
    ),
  }));

  fc.assert(
    fc.property(fc.oneof(tree, fc.string()), (document) => {
      try {
        parsePolicy(document, 'resource');
      } catch (error) {
        expect(error).toBeInstanceOf(Fault);
      }
    }),
    { numRuns: 2000 },
  );
  const deep = `{"Statement":{"Effect":"Allow","Action":"*","Resource":${'['.repeat(50_000)}${']'.repeat(50_000)}}}`;
  expect(() => parsePolicy(deep)).toThrow(Fault);
});
