import { describe, expect, test } from 'vitest';
import { resolveParameters, shownParameters } from '../../../languages/template/parameters.ts';
import { parseTemplate } from '../../../languages/template/parse.ts';
import cases from '../../cases/template-parameters.json' with { type: 'json' };

interface Case {
  readonly name: string;
  readonly definition: object;
  /** Null: nothing is given. */
  readonly given: string | null;
  readonly result?: unknown;
  readonly error?: string;
}

const stored: Readonly<Record<string, string>> = { '/orders/image': 'ami-9', '/orders/zones': 'a,b' };
const template = (parameters: object) =>
  parseTemplate(JSON.stringify({ Parameters: parameters, Resources: { Q: { Type: 'AWS::SQS::Queue' } } }));

describe('the table of parameters', () => {
  test.each(cases as readonly Case[])('$name', ({ definition, given, result, error }) => {
    const resolving = () =>
      resolveParameters(template({ P: definition }), given === null ? {} : { P: given }, (name) => stored[name]);

    if (error === undefined) expect(resolving()).toEqual({ P: result });
    else expect(resolving).toThrow(error);
  });
});

test('unknown parameters are named, with the nearest known one', () => {
  const known = template({ Stage: { Type: 'String' } });

  expect(() => resolveParameters(known, { Stge: 'a', X: 'b' })).toThrow(
    "ParametersInvalid: Parameters: [Stge, X] do not exist in the template (did you mean 'Stage'?)",
  );
});

test('all missing parameters are named at once', () => {
  const two = template({ A: { Type: 'String' }, B: { Type: 'Number' }, C: { Type: 'String', Default: 'c' } });

  expect(() => resolveParameters(two, {})).toThrow('Parameters: [A, B] must have values');
});

test('a secret parameter is shown as stars', () => {
  const secret = template({ Token: { Type: 'String', NoEcho: true }, Zones: { Type: 'CommaDelimitedList' } });
  const values = resolveParameters(secret, { Token: 's3cret', Zones: 'a,b' });

  expect(shownParameters(secret, values)).toEqual({ Token: '****', Zones: 'a,b' });
});
