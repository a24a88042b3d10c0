import type { Hop, Route } from '../../audit/routes/types.ts';
import { terminalText } from './terminal.ts';

/** Routes as a Mermaid flowchart: one node for each hop, however many routes pass it; broken routes have dotted arrows. */
export function routesMermaid(routes: readonly Route[]): string {
  const nodes = new Map<string, { id: string; label: string }>();
  const nodeOf = (key: string, label: string): string => {
    const known = nodes.get(key) ?? { id: `n${nodes.size}`, label };
    nodes.set(key, known);
    return known.id;
  };
  const arrows = new Set<string>();
  for (const { repository, branch, hops, broken } of routes) {
    const ids = [
      nodeOf(`branch ${repository}\n${branch}`, `${repository} ${branch}`),
      ...hops.map((hop) => nodeOf(`${hop.kind} ${hop.arn}`, labelOf(hop))),
    ];
    for (const [index, id] of ids.slice(1).entries())
      arrows.add(`  ${ids[index]} ${broken.length > 0 ? '-.->' : '-->'} ${id}`);
  }
  return ['flowchart LR', ...[...nodes.values()].map(({ id, label }) => `  ${id}["${quoted(label)}"]`), ...arrows].join(
    '\n',
  );
}

const labelOf = ({ kind, name, account }: Hop): string => `${kind} ${name} (${account})`;

/** Everything but letters, digits and a few signs becomes a character number, so that a name can end no label. */
const quoted = (text: string): string =>
  terminalText(text).replace(/[^\p{L}\p{N} _./:()-]/gu, (character) => `#${character.codePointAt(0)};`);
