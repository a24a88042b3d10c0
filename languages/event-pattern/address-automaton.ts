import type { Automaton } from './automaton.ts';

/** The values that each hexadecimal digit of an address may have: bit n stands for the value n. */
type Nibbles = readonly number[];

const any = 0xffff;
const mappedPrefix = `${'0'.repeat(20)}ffff`;

/**
 * Adds every spelling of the addresses from `bottom` to `top`, a block, as {@link addressDigits} reads them: decimal octets with leading
 * zeros; hexadecimal groups of one to four digits with or without `::`. IPv4 addresses may be mapped into IPv6.
 */
export function addAddresses(automaton: Automaton, bottom: string, top: string, language: number): void {
  const nibbles = [...bottom].map((low, at) => between(Number.parseInt(low, 16), Number.parseInt(top.charAt(at), 16)));
  if (nibbles.length === 8) {
    addIpv4(automaton, nibbles, language);
    addIpv6(automaton, [...[...mappedPrefix].map(only), ...nibbles], language);
  } else for (const part of withoutMapped(nibbles)) addIpv6(automaton, part, language);
}

const only = (digit: string): number => 1 << Number.parseInt(digit, 16);

function between(low: number, high: number): number {
  let bits = 0;
  for (let value = low; value <= high; value++) bits |= 1 << value;
  return bits;
}

const has = (bits: number | undefined, value: number): boolean => ((bits ?? 0) & (1 << value)) !== 0;

/** A mapped address counts as IPv4 and never as IPv6: the block falls apart by the first digit in which it differs from those. */
function withoutMapped(nibbles: Nibbles): readonly Nibbles[] {
  const parts: Nibbles[] = [];
  for (const [at, digit] of [...mappedPrefix].entries()) {
    const others = (nibbles[at] ?? 0) & ~only(digit) & any;
    if (others !== 0) parts.push([...[...mappedPrefix].slice(0, at).map(only), others, ...nibbles.slice(at + 1)]);
    if (((nibbles[at] ?? 0) & only(digit)) === 0) break;
  }
  return parts;
}

const mostOctetDigits = 9;

function addIpv4(automaton: Automaton, nibbles: Nibbles, language: number): void {
  let from = automaton.start();
  for (let octet = 0; octet < 4; octet++) {
    const end = automaton.node();
    addOctet(automaton, from, end, [nibbles[2 * octet] ?? 0, nibbles[2 * octet + 1] ?? 0]);
    if (octet === 3) automaton.ends.set(end, language);
    else {
      from = automaton.node();
      automaton.step(end, from, dot);
    }
  }
}

const [dot, colon, zero] = ['.', ':', '0'].map((character) => character.charCodeAt(0)) as [number, number, number];

function addOctet(automaton: Automaton, from: number, end: number, [upper, lower]: readonly [number, number]): void {
  const values = Array.from({ length: 256 }, (_, value) => value).filter(
    (value) => has(upper, value >> 4) && has(lower, value & 15),
  );
  // Texts of equal length share their beginnings; between them and the start stand as many zeros as fit.
  const afterZeros = [from];
  for (let zeros = 1; zeros <= mostOctetDigits; zeros++) {
    const next = automaton.node();
    automaton.step(afterZeros[zeros - 1] ?? from, next, zero);
    if (values[0] === 0) automaton.step(afterZeros[zeros - 1] ?? from, end, zero);
    afterZeros.push(next);
  }
  for (const digits of [1, 2, 3]) {
    const known = new Map<string, number>();
    for (const value of values.filter((each) => each > 0 && String(each).length === digits)) {
      const text = String(value);
      let at: number | undefined;
      for (let index = 0; index < digits; index++) {
        const key = text.slice(0, index + 1);
        const last = index === digits - 1;
        const next = last ? end : (known.get(key) ?? automaton.node());
        if (last || !known.has(key)) {
          const before = at === undefined ? afterZeros.slice(0, mostOctetDigits - digits + 1) : [at];
          for (const node of before) automaton.step(node, next, text.charCodeAt(index));
        }
        if (!last) known.set(key, next);
        at = next;
      }
    }
  }
}

const groups = 8;

function addIpv6(automaton: Automaton, nibbles: Nibbles, language: number): void {
  const group = (index: number): Nibbles => nibbles.slice(4 * index, 4 * index + 4);
  const end = automaton.node();
  automaton.ends.set(end, language);
  // Behind `::` the groups are read from their own nodes, since a second `::` may not follow.
  const right: number[] = [];
  for (let index = groups - 1; index > 0; index--) {
    const node = automaton.node();
    const after = index === groups - 1 ? end : automaton.node();
    addGroup(automaton, node, after, group(index));
    if (index < groups - 1) automaton.step(after, right[index + 1] ?? end, colon);
    right[index] = node;
  }
  const compress = (from: number, read: number): void => {
    for (let zeros = 1; read + zeros <= groups; zeros++) {
      if (!group(read + zeros - 1).every((bits) => has(bits, 0))) return;
      automaton.step(from, right[read + zeros] ?? end, colon);
    }
  };
  let left = automaton.start();
  const first = automaton.node();
  automaton.step(left, first, colon);
  compress(first, 0);
  for (let index = 0; index < groups; index++) {
    const after = index === groups - 1 ? end : automaton.node();
    addGroup(automaton, left, after, group(index));
    if (index === groups - 1) return;
    const next = automaton.node();
    automaton.step(after, next, colon);
    compress(next, index + 1);
    left = next;
  }
}

/** One to four digits; those left out are zeros. */
function addGroup(automaton: Automaton, from: number, end: number, nibbles: Nibbles): void {
  for (let leftOut = 3; leftOut >= 0; leftOut--) {
    if (!nibbles.slice(0, leftOut).every((bits) => has(bits, 0))) continue;
    let at = from;
    for (let index = leftOut; index < 4; index++) {
      const next = index === 3 ? end : automaton.node();
      addDigit(automaton, at, next, nibbles[index] ?? 0);
      at = next;
    }
  }
}

/** A step for each run of digits; the letters in both cases. */
function addDigit(automaton: Automaton, from: number, to: number, bits: number): void {
  for (const [first, last] of [
    [0, 9],
    [10, 15],
  ] as const) {
    for (let low = first; low <= last; low++) {
      if (!has(bits, low)) continue;
      let high = low;
      while (high < last && has(bits, high + 1)) high++;
      const [lowest, highest] = [low.toString(16), high.toString(16)];
      automaton.step(from, to, lowest.charCodeAt(0), highest.charCodeAt(0));
      if (low > 9) automaton.step(from, to, lowest.toUpperCase().charCodeAt(0), highest.toUpperCase().charCodeAt(0));
      low = high;
    }
  }
}
