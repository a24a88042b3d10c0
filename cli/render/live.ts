import type { LiveLine } from '../follow.ts';
import { reasonText } from './reason.ts';
import { bold, dim, green, red } from './terminal.ts';

const textColumn = '12:00:00.000  announce  staging   '.length;

/** One line of the live view: time, word of the flow, environment, what happened. */
export function liveLine(line: LiveLine): string {
  const time = new Date(line.at).toISOString().slice(11, 23);
  const colour = line.outcome === 'good' ? green : line.outcome === 'bad' ? red : (text: string) => text;
  const where = 'environment' in line && line.environment !== undefined ? line.environment : '';
  return `${dim(time)}  ${bold(line.word.padEnd(8))}  ${where.padEnd(8)}  ${colour(reasonText(line.text, textColumn, where || undefined))}`;
}
