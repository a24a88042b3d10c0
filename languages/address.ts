/**
 * An IPv4 or IPv6 address as its 8 or 32 hexadecimal digits, so that addresses of one family compare as text; undefined for
 * anything else. IPv4 octets are decimal even with leading zeros; an IPv4 address mapped into IPv6 counts as IPv4.
 */
export function addressDigits(text: string): string | undefined {
  if (text.length < 2 || text.length > 45) return undefined;
  return text.includes(':') ? ipv6Digits(text) : ipv4Digits(text);
}

/** The first and last address of a block such as `10.0.0.0/24`; bits of the address behind the mask are ignored. */
export function blockDigits(digits: string, maskBits: number): { readonly bottom: string; readonly top: string } {
  const fixed = Math.floor(maskBits / 4);
  if (fixed >= digits.length) return { bottom: digits, top: digits };
  const free = 4 - (maskBits % 4);
  const nibble = Number.parseInt(digits.charAt(fixed), 16);
  const low = (nibble >> free) << free;
  const rest = digits.length - fixed - 1;
  const head = digits.slice(0, fixed);
  return {
    bottom: head + low.toString(16) + '0'.repeat(rest),
    top: head + (low + (1 << free) - 1).toString(16) + 'f'.repeat(rest),
  };
}

function ipv4Digits(text: string): string | undefined {
  const octets = text.split('.');
  if (octets.length !== 4) return undefined;
  let digits = '';
  for (const octet of octets) {
    if (!/^\d{1,9}$/.test(octet) || Number(octet) > 255) return undefined;
    digits += Number(octet).toString(16).padStart(2, '0');
  }
  return digits;
}

function ipv6Digits(text: string): string | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [left, right] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const groups = left?.length ?? 0;
  const zeros = 8 - groups - (right?.length ?? 0);
  if (halves.length === 1 ? groups !== 8 : zeros < 1) return undefined;
  const all = [...(left ?? []), ...(right ? Array<string>(zeros).fill('0') : []), ...(right ?? [])];
  if (!all.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return undefined;
  const digits = all.map((group) => group.toLowerCase().padStart(4, '0')).join('');
  return digits.startsWith('00000000000000000000ffff') ? digits.slice(24) : digits;
}
