import { readFileSync } from 'node:fs';
import { isAbsolute, relative, resolve } from 'node:path';
import type { z } from 'zod';
import { Fault } from '../shared/fault.ts';

/** Reads a JSON file of the assembly and checks its shape; refuses with the file, the path inside it and what is wrong. */
export function readShaped<Schema extends z.ZodType>(file: string, schema: Schema): z.output<Schema> {
  const parsed = schema.safeParse(parseJson(file, readText(file)));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Fault('AssemblyInvalid', `${file}: ${issue?.path.join('.') || 'the whole file'}: ${issue?.message}`);
}

/** Reads a text file of the assembly; a missing one is refused by name. */
export function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as { code?: string };
    throw new Fault('AssemblyInvalid', `${file} ${code === 'ENOENT' ? 'does not exist' : `cannot be read: ${code}`}`);
  }
}

/** The absolute path of a file that a manifest names; one outside of the assembly is refused. */
export function inside(directory: string, file: string, named: string): string {
  const path = resolve(directory, file);
  const from = relative(resolve(directory), path);
  if (from === '..' || from.startsWith('../') || from.startsWith('..\\') || isAbsolute(from))
    throw new Fault(
      'AssemblyInvalid',
      `${named} names '${file}', which is outside of the assembly`,
      'synthesize with asset staging on, so that the assembly holds all it needs',
    );
  return path;
}

function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Fault('AssemblyInvalid', `${file} is not valid JSON: ${(error as Error).message}`);
  }
}
