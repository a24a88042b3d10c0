import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { operation } from '../../world/service.ts';
import { parameterAccess, requireParameter, requireVersion } from './find.ts';
import { type Parameter, type ParameterVersion, parameterArn, parameters } from './tables.ts';

/** Removes a parameter with all its versions. */
export const deleteParameter = operation({
  input: z.object({ Name: z.string() }),
  access: ({ Name }, call) => [parameterAccess('DeleteParameter', call, Name)],
  run: ({ Name }, call) => {
    call.world.store.in(parameters).delete(requireParameter(call.world, Name, call).arn);
    return {};
  },
});

/** Removes up to ten parameters; names that do not exist are listed, not refused. */
export const deleteParameters = operation({
  input: z.object({ Names: z.array(z.string()).min(1).max(10) }),
  access: ({ Names }, call) => Names.map((name) => parameterAccess('DeleteParameters', call, name)),
  run: ({ Names }, call) => {
    const gone = Names.map((name) => [name, call.world.store.in(parameters).delete(parameterArn(name, call))] as const);
    return {
      DeletedParameters: gone.filter(([, deleted]) => deleted).map(([name]) => name),
      InvalidParameters: gone.filter(([, deleted]) => !deleted).map(([name]) => name),
    };
  },
});

const labelling = z.object({
  Name: z.string(),
  ParameterVersion: z.number().int().min(1).optional(),
  Labels: z.array(z.string().min(1).max(100)).min(1).max(10),
});

/** Letters, digits, dots, dashes and underscores; not beginning with a digit, `aws` or `ssm`. Source: the guide, "Working with parameter labels". */
const isLabel = (label: string): boolean => /^[A-Za-z_.-][\w.-]*$/.test(label) && !/^(aws|ssm)/i.test(label);

/** A parameter whose versions have changed labels. */
function relabelled(parameter: Parameter, change: (version: ParameterVersion) => readonly string[]): Parameter {
  return {
    ...parameter,
    labels: change(parameter),
    history: parameter.history.map((version) => ({ ...version, labels: change(version) })),
  };
}

/** Gives labels to a version; a label that another version has moves. */
export const labelParameterVersion = operation({
  input: labelling,
  access: ({ Name }, call) => [parameterAccess('LabelParameterVersion', call, Name)],
  run: ({ Name, ParameterVersion: number, Labels }, call) => {
    const parameter = requireParameter(call.world, Name, call);
    const { version, labels } = requireVersion(parameter, number === undefined ? undefined : String(number));
    const valid = [...new Set(Labels.filter(isLabel))];
    if (new Set([...labels, ...valid]).size > 10)
      throw new AwsError(
        'ParameterVersionLabelLimitExceeded',
        'A parameter version can have maximum 10 labels. Move one or more labels to another version and try again.',
      );
    const changed = relabelled(parameter, (each) => {
      const others = each.labels.filter((label) => !valid.includes(label));
      return each.version === version ? [...others, ...valid] : others;
    });
    call.world.store.in(parameters).put(changed.arn, changed);
    return { InvalidLabels: Labels.filter((label) => !isLabel(label)), ParameterVersion: version };
  },
});

/** Takes labels off a version; labels that it does not have are listed, not refused. */
export const unlabelParameterVersion = operation({
  input: labelling.required(),
  access: ({ Name }, call) => [parameterAccess('UnlabelParameterVersion', call, Name)],
  run: ({ Name, ParameterVersion: number, Labels }, call) => {
    const parameter = requireParameter(call.world, Name, call);
    const { version, labels } = requireVersion(parameter, String(number));
    const changed = relabelled(parameter, (each) =>
      each.version === version ? each.labels.filter((label) => !Labels.includes(label)) : each.labels,
    );
    call.world.store.in(parameters).put(changed.arn, changed);
    return {
      RemovedLabels: Labels.filter((label) => labels.includes(label)),
      InvalidLabels: Labels.filter((label) => !labels.includes(label)),
    };
  },
});

const tagged = z.object({ ResourceType: z.literal('Parameter'), ResourceId: z.string() });

/** Throws InvalidResourceId. */
function requireTagged(
  call: Parameters<typeof requireParameter>[0],
  id: string,
  at: Parameters<typeof requireParameter>[2],
): Parameter {
  const found = call.store.in(parameters).get(parameterArn(id, at));
  if (found === undefined) throw new AwsError('InvalidResourceId', `The resource ID ${id} is not valid.`);
  return found;
}

/** Puts tags on a parameter; others stay. */
export const addTagsToResource = operation({
  input: tagged.extend({ Tags: z.array(z.object({ Key: z.string().min(1), Value: z.string() })).max(50) }),
  access: ({ ResourceId }, call) => [parameterAccess('AddTagsToResource', call, ResourceId)],
  run: ({ ResourceId, Tags }, call) => {
    const found = requireTagged(call.world, ResourceId, call);
    const tags = { ...found.tags, ...Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value])) };
    call.world.store.in(parameters).put(found.arn, { ...found, tags });
    return {};
  },
});

/** Takes tags off a parameter. */
export const removeTagsFromResource = operation({
  input: tagged.extend({ TagKeys: z.array(z.string()) }),
  access: ({ ResourceId }, call) => [parameterAccess('RemoveTagsFromResource', call, ResourceId)],
  run: ({ ResourceId, TagKeys }, call) => {
    const found = requireTagged(call.world, ResourceId, call);
    const tags = Object.fromEntries(Object.entries(found.tags).filter(([key]) => !TagKeys.includes(key)));
    call.world.store.in(parameters).put(found.arn, { ...found, tags });
    return {};
  },
});

/** A parameter's tags. */
export const listTagsForResource = operation({
  input: tagged,
  access: ({ ResourceId }, call) => [parameterAccess('ListTagsForResource', call, ResourceId)],
  run: ({ ResourceId }, call) => {
    const { tags } = requireTagged(call.world, ResourceId, call);
    return { TagList: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) };
  },
});
