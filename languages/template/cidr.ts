import { isIPv4, isIPv6 } from 'node:net';
import { asText, type Intrinsic, templateError } from './context.ts';

const text =
  'every Fn::Cidr object requires (1) an IP block, (2) a count from 1 to 256 and, optionally, (3) the host bits of each block';

/** `Fn::Cidr`: the first blocks of a size inside a block; without host bits, blocks of 256 addresses. Source: "Fn::Cidr". */
export const Cidr: Intrinsic = (argument, context) => {
  const [block = '', countText = '', hostText] = (argument as unknown[]).map((item, index) =>
    asText(context.resolve(item, index), context, 'a parameter of Fn::Cidr'),
  );
  const [address = '', prefixText = ''] = block.split('/');
  const version = isIPv4(address) ? 32 : isIPv6(address) ? 128 : undefined;
  const [prefix, count] = [whole(prefixText), whole(countText)];
  const hostBits = hostText === undefined ? (version === 128 ? 64 : 8) : whole(hostText);
  if (version === undefined || prefix === undefined || prefix > version)
    throw templateError(context, `Template error: '${block}' is no block of IP addresses; ${text}`);
  if (count === undefined || count < 1 || count > 256 || hostBits === undefined || hostBits < 1 || hostBits > version)
    throw templateError(context, `Template error: ${text}`);
  const free = version - prefix - hostBits;
  if (free < 0 || BigInt(count) > 1n << BigInt(free))
    throw templateError(
      context,
      `Template error: Fn::Cidr cannot fit ${count} blocks of ${hostBits} host bits into ${block}`,
    );
  const size = 1n << BigInt(hostBits);
  const first = (numberOf(address, version) >> BigInt(version - prefix)) << BigInt(version - prefix);
  return Array.from(
    { length: count },
    (_, index) => `${written(first + size * BigInt(index), version)}/${version - hostBits}`,
  );
};

function whole(value: string): number | undefined {
  return /^\d{1,3}$/.test(value) ? Number(value) : undefined;
}

function numberOf(address: string, version: number): bigint {
  if (version === 32) return address.split('.').reduce((sum, part) => (sum << 8n) | BigInt(part), 0n);
  return groupsOf(address).reduce((sum, group) => (sum << 16n) | BigInt(`0x${group}`), 0n);
}

/** The eight groups of an IPv6 address, `::` written out, an IPv4 tail as two groups. */
function groupsOf(address: string): string[] {
  const tail = /[\d.]+$/.exec(address)?.[0] ?? '';
  const dotted = tail.includes('.') ? numberOf(tail, 32) : undefined;
  const hex =
    dotted === undefined
      ? address
      : `${address.slice(0, -tail.length)}${(dotted >> 16n).toString(16)}:${(dotted & 0xffffn).toString(16)}`;
  const [head = '', end] = hex.split('::').map((half) => half.split(':').filter((group) => group !== ''));
  if (end === undefined) return [...head];
  return [...head, ...Array<string>(8 - head.length - end.length).fill('0'), ...end];
}

function written(value: bigint, version: number): string {
  const bits = version === 32 ? 8n : 16n;
  const mask = (1n << bits) - 1n;
  const groups = Array.from({ length: version === 32 ? 4 : 8 }, (_, index) => index);
  const parts = groups.map((index) => (value >> (bits * BigInt(groups.length - 1 - index))) & mask);
  if (version === 32) return parts.join('.');
  return shortest(parts.map((part) => part.toString(16)));
}

/** The longest run of zero groups becomes `::`, as RFC 5952 writes addresses. */
function shortest(groups: readonly string[]): string {
  const runs = groups
    .map((_, index) => groups.slice(index).findIndex((group) => group !== '0'))
    .map((run, index) => (run < 0 ? groups.length - index : run));
  const longest = Math.max(...runs);
  if (longest < 2) return groups.join(':');
  const at = runs.indexOf(longest);
  return `${groups.slice(0, at).join(':')}::${groups.slice(at + longest).join(':')}`;
}
