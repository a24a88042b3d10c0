/** Whether colours are wanted: on a terminal, unless NO_COLOR is set. */
const coloured = process.stdout.isTTY && !process.env['NO_COLOR'];

const paint = (code: number) => (text: string) => (coloured ? `\u001b[${code}m${text}\u001b[0m` : text);

export const bold = paint(1);
export const dim = paint(2);
export const red = paint(31);
export const green = paint(32);

/** Text from outside, fit for a terminal: control characters, escapes and direction marks become `\u{…}`, the length is bounded. */
export function terminalText(text: string, longest = 200): string {
  const safe = text.replace(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu, (character) =>
    character === '\n' ? '\n' : `\\u{${character.codePointAt(0)?.toString(16)}}`,
  );
  return safe.length > longest ? `${safe.slice(0, longest)}…` : safe;
}

/** Seconds with one decimal, from milliseconds. */
export const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`;
