import { terminalText } from './terminal.ts';

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text from outside, fit for HTML and SVG: markup is shown and not obeyed, invisible characters and direction marks are named, lines joined. */
export const markupText = (text: string, longest = 4000): string =>
  terminalText(text, longest).replace(/[&<>"'\n]/g, (character) => entities[character] ?? ' ');
