import fc from 'fast-check';

/** Texts that were right and were then broken: pieces put in, repeated, or taken out. */
export function broken(seeds: readonly string[], pieces: readonly string[]): fc.Arbitrary<string> {
  const place = fc.double({ min: 0, max: 1, noNaN: true });
  const change = fc.oneof(
    fc.record({ at: place, insert: fc.constantFrom(...pieces), times: fc.integer({ min: 1, max: 50 }) }),
    fc.record({ at: place, remove: fc.integer({ min: 1, max: 20 }) }),
  );
  return fc
    .tuple(fc.constantFrom(...seeds), fc.array(change, { minLength: 1, maxLength: 3 }))
    .map(([seed, changes]) => changes.reduce((text, edit) => apply(text, edit), seed));
}

function apply(text: string, edit: { at: number; insert?: string; times?: number; remove?: number }): string {
  const at = Math.floor(edit.at * text.length);
  return text.slice(0, at) + (edit.insert ?? '').repeat(edit.times ?? 0) + text.slice(at + (edit.remove ?? 0));
}

const reference = JSON.stringify(Array.from({ length: 10_000 }, (_, at) => ({ a: [at, String(at)], b: { c: at } })));
/** What parsing the reference costs a quiet core of the machines that this was measured on. */
const referenceMilliseconds = 5;

/**
 * The processor's milliseconds of the shortest of several runs, in units of a quiet core: what neighbours on the machine slow down, they slow down for a
 * reference beside it too.
 */
export function shortestMilliseconds(run: () => void, enough: number): number {
  let shortest = Number.POSITIVE_INFINITY;
  for (let tries = 0; tries < 6 && shortest > enough; tries++) {
    const slowdown = Math.max(1, processorMilliseconds(() => void JSON.parse(reference)) / referenceMilliseconds);
    shortest = Math.min(shortest, processorMilliseconds(run) / slowdown);
  }
  return shortest;
}

function processorMilliseconds(run: () => void): number {
  const start = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}
