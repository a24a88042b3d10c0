import { relative } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * What a file that people write exports by default; `refuse` makes the error from the file, the line where it is known, and the reason, when
 * it cannot be read or throws.
 */
export async function defaultExportOf(path: string, refuse: (what: string) => Error): Promise<unknown> {
  try {
    return ((await import(pathToFileURL(path).href)) as { default?: unknown }).default;
  } catch (error) {
    const { line, reason } = reasonOf(error, path);
    const file = relative(process.cwd(), path);
    throw refuse(`${line === undefined ? file : `${file}:${line}`}: ${reason}`);
  }
}

/** The compiler tells the line in its message, what is thrown while the file runs in the stack. */
function reasonOf(error: unknown, path: string): { readonly line?: string | undefined; readonly reason: string } {
  const compiled = /:(\d+):\d+: ERROR: (.+)/.exec(String(error));
  if (compiled !== null) return { line: compiled[1], reason: compiled[2] ?? '' };
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const place = stack.split('\n').find((frame) => frame.includes(path));
  return { line: place?.split(path)[1]?.split(':')[1], reason: String(error) };
}
