import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject, onTestFinished, vi } from 'vitest';

type Resources = Record<string, { Type: string; Properties: Record<string, unknown> }>;

/** A copy of our own assembly with one template changed, as text or as resources. */
export function changedAssembly(
  stack: string,
  change: (resources: Resources) => void,
  replace = (text: string): string => text,
): string {
  const directory = mkdtempSync(join(tmpdir(), 'mergecast-static-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  cpSync(inject('assembly'), directory, { recursive: true });
  const file = join(directory, `${stack}.template.json`);
  const template = JSON.parse(replace(readFileSync(file, 'utf8'))) as { Resources: Resources };
  change(template.Resources);
  writeFileSync(file, JSON.stringify(template));
  return directory;
}

/** The properties of the first resource of a type whose logical id begins so. */
export function propertiesOf(resources: Resources, type: string, prefix: string): Record<string, unknown> {
  const found = Object.entries(resources).find(([id, { Type }]) => Type === type && id.startsWith(prefix));
  if (found === undefined) throw new Error(`there is no ${type} ${prefix}`);
  return found[1].Properties;
}

/** What a verb prints, and its exit code. */
export function said(verb: () => number): { readonly code: number; readonly text: string } {
  const lines: string[] = [];
  const log = vi.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line));
  try {
    return { code: verb(), text: lines.join('\n') };
  } finally {
    log.mockRestore();
  }
}

/** A name with everything that hurts somewhere: an escape, a direction mark, HTML, Markdown and a mention. */
export const hostile = '\u001b[31m\u202e<b>`*@you|';
/** What of it may reach nobody unchanged. */
export const steering = /[\u001b\u202e]/;
