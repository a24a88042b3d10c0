import { isDeepStrictEqual } from 'node:util';

/** What becomes of one resource. */
export interface ResourceChange {
  readonly id: string;
  readonly type: string;
  readonly change: 'create' | 'change' | 'remove';
}

type Resources = Readonly<Record<string, { readonly Type?: string; readonly Metadata?: unknown }>>;

/**
 * What deploying `after` over `before` creates, changes and removes, by logical id; `before` is undefined for a stack that is not there. Metadata, such as
 * CDK's paths, does not count. Answers undefined when the deployed template is no JSON.
 */
export function changesBetween(before: string | undefined, after: string): readonly ResourceChange[] | undefined {
  const old = before === undefined ? {} : resourcesIn(before);
  const next = resourcesIn(after);
  if (old === undefined || next === undefined) return undefined;
  const ids = [...new Set([...Object.keys(next), ...Object.keys(old)])].sort();
  return ids.flatMap((id): readonly ResourceChange[] => {
    const [was, is] = [old[id], next[id]];
    const type = (is ?? was)?.Type ?? '';
    if (was === undefined) return [{ id, type, change: 'create' }];
    if (is === undefined) return [{ id, type, change: 'remove' }];
    return isDeepStrictEqual(bare(was), bare(is)) ? [] : [{ id, type, change: 'change' }];
  });
}

const bare = ({ Metadata: _metadata, ...rest }: Resources[string]): unknown => rest;

function resourcesIn(text: string): Resources | undefined {
  try {
    const { Resources = {} } = JSON.parse(text) as { Resources?: Resources };
    return Object.fromEntries(Object.entries(Resources).filter(([, { Type }]) => Type !== 'AWS::CDK::Metadata'));
  } catch {
    return undefined;
  }
}
