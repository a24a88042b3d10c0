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
    const { file = path, line, reason } = reasonOf(error, path);
    const named = relative(process.cwd(), file);
    throw refuse(`${line === undefined ? named : `${named}:${line}`}: ${reason}`);
  }
}

/** The compiler tells the file, which may be one that is imported, and the line in its message; what is thrown while a file runs, in the stack. */
function reasonOf(
  error: unknown,
  path: string,
): { readonly file?: string; readonly line?: string; readonly reason: string } {
  const [, file, line, words] = /^(.+):(\d+):\d+: ERROR: (.+)/m.exec(String(error)) ?? [];
  if (file !== undefined && line !== undefined && words !== undefined) return { file, line, reason: words };
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const place = stack.split('\n').find((frame) => frame.includes(path));
  const at = place?.split(path)[1]?.split(':')[1];
  return at === undefined ? { reason: String(error) } : { line: at, reason: String(error) };
}
