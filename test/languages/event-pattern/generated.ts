import fc from 'fast-check';

/** Patterns and events over few names and values, so that they often match; with arrays, dotted keys and every operator. */
const key = fc.constantFrom('a', 'b', 'c', 'a.b');
const texts = [
  '',
  'x',
  'xy',
  'XY',
  'yx',
  'x*y',
  'xxy',
  '10.0.0.1',
  '10.0.0.200',
  '::1',
  '0:0:0:0:0:0:0:1',
  'ß',
  'SS',
  '\\"',
  'null',
];
/** Texts that are often equal, or equal but for case or spelling. */
export const text = fc.constantFrom(...texts);
const number = fc.constantFrom(0, 1, -1, 1.5, 300, 5e9, 5000000001, 1e21, 0.1234564, 0.12345641);
/** Values of fields. */
export const scalar = fc.oneof(text, number, fc.boolean(), fc.constant(null));

const affix = fc.constantFrom('x', 'y', 'xy', 'X', '10.');
const ignoring = affix.map((value) => ({ 'equals-ignore-case': value }));
const wildcard = fc.constantFrom('*', 'x*', '*y', 'x*y', 'x\\*y', '*x*', 'xy');
const oneOrMany = <Item>(item: fc.Arbitrary<Item>) => fc.oneof(item, fc.array(item, { minLength: 1, maxLength: 2 }));
const small = fc.integer({ min: -2, max: 2 });

const matcher = fc.oneof(
  { weight: 8, arbitrary: scalar },
  { weight: 1, arbitrary: fc.oneof(affix, fc.constant(''), ignoring).map((prefix) => ({ prefix })) },
  { weight: 1, arbitrary: fc.oneof(affix, fc.constant(''), ignoring).map((suffix) => ({ suffix })) },
  { weight: 1, arbitrary: text.map((value) => ({ 'equals-ignore-case': value })) },
  { weight: 1, arbitrary: wildcard.map((value) => ({ wildcard: value })) },
  { weight: 1, arbitrary: fc.constantFrom('10.0.0.0/24', '10.0.0.0/25', '::/64').map((cidr) => ({ cidr })) },
  { weight: 2, arbitrary: fc.boolean().map((exists) => ({ exists })) },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.constantFrom('=', '<', '<=', '>', '>='), small).map((numeric) => ({ numeric })),
  },
  { weight: 1, arbitrary: small.map((bottom) => ({ numeric: ['>=', bottom, '<', bottom + 2] })) },
  {
    weight: 2,
    arbitrary: fc
      .oneof(
        oneOrMany(text),
        oneOrMany(small),
        oneOrMany(affix).map((prefix) => ({ prefix })),
        oneOrMany(affix).map((suffix) => ({ suffix })),
        oneOrMany(text).map((value) => ({ 'equals-ignore-case': value })),
        oneOrMany(wildcard).map((value) => ({ wildcard: value })),
      )
      .map((not) => ({ 'anything-but': not })),
  },
);

type Fields = Readonly<Record<string, unknown>>;
/** Lists of matchers. */
export const list = fc.array(matcher, { minLength: 1, maxLength: 2 });

/** Fields whose values are lists or `inner` objects, sometimes with a `$or` of two such objects. */
const fieldsOf = (value: fc.Arbitrary<unknown>): fc.Arbitrary<Fields> => {
  const named = fc.dictionary(key, value, { minKeys: 1, maxKeys: 2 });
  return fc
    .tuple(named, fc.option(fc.tuple(named, named), { freq: 4 }))
    .map(([always, either]): Fields => (either ? { ...always, $or: either } : always));
};
const innermost = fieldsOf(list);
const inner = fieldsOf(fc.oneof({ weight: 4, arbitrary: list }, { weight: 1, arbitrary: innermost }));

/** Pattern objects. */
export const patterns = fieldsOf(fc.oneof({ weight: 3, arbitrary: list }, { weight: 2, arbitrary: inner }));

/** Event objects. */
export const events = fc.letrec<{ event: Fields; value: unknown }>((tie) => ({
  event: fc.dictionary(key, tie('value'), { maxKeys: 3 }),
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    scalar,
    tie('event'),
    fc.array(fc.oneof({ weight: 2, arbitrary: tie('event') }, { weight: 1, arbitrary: tie('value') }), {
      maxLength: 3,
    }),
  ),
})).event;
