/** The most lines that one order may hold. */
export const mostLines = 100;

/** An order that cannot be priced; the message says which line and why. */
export class OrderRefused extends Error {}

/**
 * The total of an order's lines in cents: `[{ sku, quantity, unitCents }]`, quantity and unit price whole numbers above 0.
 * Throws {@link OrderRefused} for anything else.
 */
export function price(lines) {
  if (!Array.isArray(lines) || lines.length === 0) throw new OrderRefused('an order needs at least one line');
  if (lines.length > mostLines)
    throw new OrderRefused(`an order holds at most ${mostLines} lines, not ${lines.length}`);
  const total = lines.map(priceLine).reduce((sum, cents) => sum + cents, 0);
  if (!Number.isSafeInteger(total)) throw new OrderRefused('the total is too large');
  return total;
}

function priceLine(line, index) {
  const { sku, quantity, unitCents } = line ?? {};
  const at = `line ${index + 1}`;
  if (typeof sku !== 'string' || sku === '') throw new OrderRefused(`${at} has no sku`);
  if (!isWhole(quantity)) throw new OrderRefused(`${at} (${sku}): the quantity must be a whole number above 0`);
  if (!isWhole(unitCents)) throw new OrderRefused(`${at} (${sku}): unitCents must be a whole number above 0`);
  return quantity * unitCents;
}

function isWhole(value) {
  return Number.isSafeInteger(value) && value > 0;
}
