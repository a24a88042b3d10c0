/** EventBridge compares numbers within ±5.0e9 and to six decimals. Source: the pattern operators page, "Numeric matching". */
export const largestNumber = 5e9;
const perUnit = 1e6;

/**
 * A number as AWS compares it, in millionths; NaN when it is outside the range, so that only its spelling counts. Thus 1, 1.0 and 1e0
 * are equal, and an account id is compared as written. Digits behind the sixth decimal are rounded away.
 */
export function comparable(value: number): number {
  return Math.abs(value) <= largestNumber ? Math.round(value * perUnit) : Number.NaN;
}
