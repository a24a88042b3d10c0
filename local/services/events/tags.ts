import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { operation } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { buses, rules } from './tables.ts';

type Tags = Readonly<Record<string, string>>;

function readTags(world: World, arn: string): Tags {
  const found = world.store.in(rules).get(arn) ?? world.store.in(buses).get(arn);
  if (found === undefined) throw new AwsError('ResourceNotFoundException', `Resource ${arn} does not exist.`);
  return found.tags;
}

function changeTags(world: World, arn: string, change: (tags: Tags) => Tags): void {
  const tags = change(readTags(world, arn));
  world.store.in(rules).update(arn, (rule) => ({ ...rule, tags }));
  world.store.in(buses).update(arn, (bus) => ({ ...bus, tags }));
}

const asked = (action: string, arn: string) => [{ action: `events:${action}`, resource: arn }];

/** The tags of a rule or bus. */
export const listTagsForResource = operation({
  input: z.object({ ResourceARN: z.string() }),
  access: ({ ResourceARN }) => asked('ListTagsForResource', ResourceARN),
  run: ({ ResourceARN }, { world }) => ({
    Tags: Object.entries(readTags(world, ResourceARN)).map(([Key, Value]) => ({ Key, Value })),
  }),
});

/** Adds tags. */
export const tagResource = operation({
  input: z.object({ ResourceARN: z.string(), Tags: z.array(z.object({ Key: z.string(), Value: z.string() })) }),
  access: ({ ResourceARN }) => asked('TagResource', ResourceARN),
  run: ({ ResourceARN, Tags }, { world }) => {
    const added = Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value]));
    changeTags(world, ResourceARN, (tags) => ({ ...tags, ...added }));
    return {};
  },
});

/** Takes tags off. */
export const untagResource = operation({
  input: z.object({ ResourceARN: z.string(), TagKeys: z.array(z.string()) }),
  access: ({ ResourceARN }) => asked('UntagResource', ResourceARN),
  run: ({ ResourceARN, TagKeys }, { world }) => {
    changeTags(world, ResourceARN, (tags) =>
      Object.fromEntries(Object.entries(tags).filter(([key]) => !TagKeys.includes(key))),
    );
    return {};
  },
});
