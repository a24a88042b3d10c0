import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dependencies, dependencyOrder } from '../../../languages/template/dependency-order.ts';
import { parseTemplate } from '../../../languages/template/parse.ts';

const template = (resources: object, rest: object = {}) =>
  parseTemplate(JSON.stringify({ Resources: resources, ...rest }, null, 1), 'template.json');
const of = (properties: object, more: object = {}) => ({ Type: 'AWS::SQS::Queue', Properties: properties, ...more });

test('each resource comes after those that it names by DependsOn, Ref, Fn::GetAtt and Fn::Sub', () => {
  const resources = {
    A: of({ a: { 'Fn::Sub': ['${E.Arn}-${X}-${AWS::Region}', { X: { Ref: 'D' } }] } }),
    B: of({}, { DependsOn: ['A'] }),
    C: of({ c: [{ 'Fn::GetAtt': ['B', 'Arn'] }] }),
    D: of({ d: { 'Fn::Join': ['', [{ Ref: 'E' }]] } }),
    E: of({}),
  };

  expect(dependencyOrder(template(resources))).toEqual(['E', 'D', 'A', 'B', 'C']);
});

test('independent resources keep the order of the template', () => {
  expect(dependencyOrder(template({ C: of({}), A: of({}), B: of({}) }))).toEqual(['C', 'A', 'B']);
});

test('parameters, pseudo parameters, own variables and literals of Fn::Sub are no dependencies', () => {
  const text = 'x${P}${AWS::Region}${!B}${V}';
  const found = dependencies(
    template(
      { A: of({ a: { Ref: 'P' }, b: { 'Fn::Sub': [text, { V: 1 }] } }) },
      { Parameters: { P: { Type: 'String' } } },
    ),
  );

  expect(found.get('A')).toEqual([]);
});

test('a resource whose condition is false is left out, and so is the branch that names it', () => {
  const conditional = template(
    {
      A: of({}, { Condition: 'Yes' }),
      B: of({}, { Condition: 'No' }),
      C: of({ c: { 'Fn::If': ['No', { Ref: 'B' }, { Ref: 'A' }] } }, { DependsOn: 'B' }),
    },
    { Conditions: { Yes: { 'Fn::Equals': [1, 1] }, No: { 'Fn::Equals': [1, 2] } } },
  );

  expect(dependencyOrder(conditional, { Yes: true, No: false })).toEqual(['A', 'C']);
});

test('a reference to a resource whose condition is false is refused', () => {
  const conditional = template(
    { B: of({}, { Condition: 'No' }), C: of({ c: { Ref: 'B' } }) },
    { Conditions: { No: { 'Fn::Equals': [1, 2] } } },
  );

  expect(() => dependencyOrder(conditional, { No: false })).toThrow('Unresolved resource dependencies [B]');
});

test('an unknown reference is named, with its place', () => {
  expect(() => dependencyOrder(template({ A: of({ a: { Ref: 'Nothing' } }) }))).toThrow(
    /template\.json:7:6: .*Unresolved resource dependencies \[Nothing\] in the Resources block of the template/,
  );
  expect(() => dependencyOrder(template({ A: of({}, { DependsOn: 'Nothing' }) }))).toThrow('[Nothing]');
});

test('outputs are checked too, unless their condition is false', () => {
  const rest = {
    Outputs: { O: { Value: { Ref: 'Nothing' }, Condition: 'No' } },
    Conditions: { No: { 'Fn::Equals': [1, 2] } },
  };
  const both = template({ A: of({}) }, rest);

  expect(dependencyOrder(both, { No: false })).toEqual(['A']);
  expect(() => dependencyOrder(both)).toThrow('[Nothing] in the Outputs block of the template');
});

test('an unknown condition is named', () => {
  expect(() => dependencyOrder(template({ A: of({}, { Condition: 'X' }) }))).toThrow(
    'Unresolved condition dependency X in the Resources block',
  );
});

test('a cycle is named with its path', () => {
  const resources = {
    A: of({ a: { Ref: 'B' } }),
    B: of({ b: { 'Fn::Sub': '${C.Arn}' } }),
    C: of({}, { DependsOn: 'B' }),
  };

  expect(() => dependencyOrder(template(resources))).toThrow(
    'Circular dependency between resources: [B, C] (B → C → B)',
  );
  expect(() => dependencyOrder(template({ A: of({ a: { Ref: 'A' } }) }))).toThrow('[A] (A → A)');
});

test('a chain of 500 resources is ordered without exhausting the stack', () => {
  const ids = Array.from({ length: 500 }, (_, index) => `R${index}`);
  const chain = Object.fromEntries(
    ids.map((id, index) => [id, of(index < 499 ? { a: { Ref: `R${index + 1}` } } : {})]),
  );

  expect(dependencyOrder(template(chain))).toEqual([...ids].reverse());
});

test('in every graph without cycle, each resource comes once and after all it needs', () => {
  const graph = fc
    .integer({ min: 1, max: 12 })
    .chain((size) =>
      fc.array(fc.subarray(Array.from({ length: size }, (_, index) => index)), { minLength: size, maxLength: size }),
    );
  fc.assert(
    fc.property(graph, fc.boolean(), (needs, byRef) => {
      const name = (index: number) => `R${index}`;
      const entries = needs.map((needed, index): [string, object] => {
        const lower = needed.filter((other) => other < index).map(name);
        return [name(index), byRef ? of({ a: lower.map((Ref) => ({ Ref })) }) : of({}, { DependsOn: lower })];
      });
      const resources: Record<string, object> = Object.fromEntries(entries.reverse());

      const order = dependencyOrder(template(resources));

      expect([...order].sort()).toEqual(Object.keys(resources).sort());
      for (const [id, needed] of dependencies(template(resources)))
        for (const other of needed) expect(order.indexOf(other)).toBeLessThan(order.indexOf(id));
    }),
    { numRuns: 100 },
  );
});
