import { describe, expect, test } from 'vitest';
import { type PolicyPlace, parsePolicy } from '../../../languages/iam-policy/parse.ts';
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
