import type { Hop, Route } from '../../audit/routes/types.ts';
import { markupText } from './markup.ts';

const box = { width: 190, height: 46, gapAcross: 26, gapDown: 14, margin: 12 } as const;
const longestText = 28;

/** Routes as one SVG image, a row each, without scripts and without anything from elsewhere. */
export function routesSvg(routes: readonly Route[]): string {
  const columns = Math.max(1, ...routes.map(({ hops }) => hops.length + 1));
  const width = 2 * box.margin + columns * box.width + (columns - 1) * box.gapAcross;
  const height = 2 * box.margin + Math.max(1, routes.length) * (box.height + box.gapDown) - box.gapDown;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="11">`,
    '<title>Routes from branches to pipelines</title>',
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    ...routes.map(row),
    '</svg>',
  ].join('\n');
}

function row(route: Route, index: number): string {
  const top = box.margin + index * (box.height + box.gapDown);
  const boxes = [
    drawn(0, top, route.repository, `branch ${route.branch}`, false),
    ...route.hops.map((hop, at) => drawn(at + 1, top, hop.name, notes(hop), hop.missing.length > 0)),
  ];
  const arrows = route.hops.map((_, at) => arrow(at, top, route.broken.length > 0));
  return [`<g><title>${markupText(route.broken.join('; ') || 'works')}</title>`, ...boxes, ...arrows, '</g>'].join(
    '\n',
  );
}

const leftOf = (column: number): number => box.margin + column * (box.width + box.gapAcross);

function drawn(column: number, top: number, name: string, note: string, missing: boolean): string {
  const left = leftOf(column);
  const colours = missing ? 'fill="#fde8e8" stroke="#b91c1c"' : 'fill="#f3f4f6" stroke="#4b5563"';
  return [
    `<rect x="${left}" y="${top}" width="${box.width}" height="${box.height}" rx="5" ${colours}/>`,
    `<text x="${left + 8}" y="${top + 19}" font-weight="bold">${markupText(name, longestText)}</text>`,
    `<text x="${left + 8}" y="${top + 36}" fill="#4b5563">${markupText(note, longestText + 6)}</text>`,
  ].join('');
}

function arrow(column: number, top: number, broken: boolean): string {
  const from = leftOf(column) + box.width;
  const y = top + box.height / 2;
  const to = from + box.gapAcross;
  const look = broken ? 'stroke="#b91c1c" stroke-dasharray="3 3"' : 'stroke="#4b5563"';
  return `<path d="M${from} ${y}H${to}m-5 -4l5 4l-5 4" fill="none" ${look}/>`;
}

function notes({ kind, deadLetters, alarms, archives }: Hop): string {
  if (kind === 'pipeline') return kind;
  if (kind === 'bus') return archives.length > 0 ? 'bus, archived' : kind;
  return `${kind}, ${deadLetters === undefined ? 'no dead letters' : 'dead letters'}, ${alarms.length} alarms`;
}
