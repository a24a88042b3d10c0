import { z } from 'zod';
import { type Call, operation } from '../../world/service.ts';
import { findFunction, functionAccess } from './find.ts';
import { functions } from './tables.ts';

const path = '/2017-03-31/tags/{Resource}';

function change(call: Call, arn: string, tags: Readonly<Record<string, string>>): object {
  const found = findFunction(call.world, arn, call);
  call.world.store.in(functions).put(found.arn, { ...found, tags });
  return {};
}

/** The tags of a function. */
export const listTags = operation({
  http: { method: 'GET', path },
  input: z.object({ Resource: z.string() }),
  access: ({ Resource }, call) => [functionAccess(call.world, 'ListTags', Resource, call)],
  run: ({ Resource }, call) => ({ Tags: findFunction(call.world, Resource, call).tags }),
});

/** Adds tags to a function. */
export const tagResource = operation({
  http: { method: 'POST', path, status: 204 },
  input: z.object({ Resource: z.string(), Tags: z.record(z.string().min(1).max(128), z.string().max(256)) }),
  access: ({ Resource }, call) => [functionAccess(call.world, 'TagResource', Resource, call)],
  run: ({ Resource, Tags }, call) =>
    change(call, Resource, { ...findFunction(call.world, Resource, call).tags, ...Tags }),
});

/** Takes tags off a function. */
export const untagResource = operation({
  http: { method: 'DELETE', path, query: { tagKeys: 'TagKeys' }, status: 204 },
  input: z.object({
    Resource: z.string(),
    TagKeys: z.union([z.array(z.string()), z.string().transform((key) => [key])]),
  }),
  access: ({ Resource }, call) => [functionAccess(call.world, 'UntagResource', Resource, call)],
  run: ({ Resource, TagKeys }, call) => {
    const { tags } = findFunction(call.world, Resource, call);
    return change(call, Resource, Object.fromEntries(Object.entries(tags).filter(([key]) => !TagKeys.includes(key))));
  },
});
