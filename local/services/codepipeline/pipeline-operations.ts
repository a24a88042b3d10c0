import { z } from 'zod';
import { Fault } from '../../../shared/fault.ts';
import { AwsError } from '../../world/failure.ts';
import { principalName } from '../../world/principal.ts';
import { type Call, operation } from '../../world/service.ts';
import { passRole } from '../iam/pass-role.ts';
import { nameInUse } from './pipeline.ts';
import { deletePipelineRow, putPipeline } from './put-pipeline.ts';
import { type Declared, pipelineShape } from './shape.ts';
import { showPipeline } from './show-pipeline.ts';
import { findPipeline, type Pipeline, pipelineAccess, pipelineArn, pipelines } from './tables.ts';

const tagList = z.array(z.object({ key: z.string().min(1).max(128), value: z.string().max(256) })).max(50);
const wanted = z.looseObject({ name: z.string(), roleArn: z.string() });

/** Makes a pipeline and starts it. Throws PipelineNameInUseException, InvalidStructureException, InvalidActionDeclarationException. */
export const createPipeline = operation({
  input: z.object({ pipeline: wanted, tags: tagList.default([]) }),
  access: ({ pipeline: { name, roleArn } }, call) => [
    pipelineAccess('CreatePipeline', name, call),
    passRole(roleArn, 'codepipeline.amazonaws.com'),
  ],
  run: ({ pipeline, tags }, call) => {
    const declared = read(pipeline);
    if (call.world.store.in(pipelines).has(pipelineArn(declared.Name, call))) throw nameInUse(declared, call.account);
    const made = put(call, declared, Object.fromEntries(tags.map(({ key, value }) => [key, value])));
    return { pipeline: showPipeline(made), tags };
  },
});

/** Changes a pipeline: one version more, and nothing is started. */
export const updatePipeline = operation({
  input: z.object({ pipeline: wanted }),
  access: ({ pipeline: { name, roleArn } }, call) => [
    pipelineAccess('UpdatePipeline', name, call),
    passRole(roleArn, 'codepipeline.amazonaws.com'),
  ],
  run: ({ pipeline }, call) => {
    const declared = read(pipeline);
    const { tags } = findPipeline(call.world, declared.Name, call);
    return { pipeline: showPipeline(put(call, declared, tags)) };
  },
});

/** Deletes a pipeline with its history; one that is not there is no error. */
export const deletePipeline = operation({
  input: z.object({ name: z.string() }),
  access: ({ name }, call) => [pipelineAccess('DeletePipeline', name, call)],
  run: ({ name }, call) => {
    deletePipelineRow(call.world, pipelineArn(name, call));
    return {};
  },
});

function put(call: Call, declared: Declared, tags: Pipeline['tags']): Pipeline {
  try {
    return putPipeline(declared, { ...call, tags, by: principalName(call.caller) });
  } catch (error) {
    if (error instanceof Fault) throw new AwsError('InvalidActionDeclarationException', error.message);
    throw error;
  }
}

/** The API's words are the template's with a small first letter, but for the maps whose keys are the user's own. */
function read({ version: _version, ...pipeline }: Record<string, unknown>): Declared {
  const parsed = pipelineShape.safeParse(capitalized(pipeline));
  if (parsed.success) return parsed.data;
  const mistakes = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'pipeline'}: ${issue.message}`);
  throw new AwsError('ValidationException', `${mistakes.length} validation error(s) detected: ${mistakes.join('; ')}`);
}

function capitalized(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(capitalized);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      const name = key.charAt(0).toUpperCase() + key.slice(1);
      if (key === 'configuration') return [name, inner];
      if (key === 'artifactStores' && typeof inner === 'object' && inner !== null)
        return [
          name,
          Object.entries(inner as Record<string, unknown>).map(([Region, store]) => ({
            Region,
            ArtifactStore: capitalized(store),
          })),
        ];
      return [name, capitalized(inner)];
    }),
  );
}

const arnAccess = (action: string, resource: string) => [{ action: `codepipeline:${action}`, resource }];

const longArn = /^arn:aws:codepipeline:[a-z0-9-]+:\d{12}:.+$/;

function byArn({ world, account, region }: Call, arn: string): Pipeline {
  if (!longArn.test(arn)) throw new AwsError('InvalidArnException', `'${arn.slice(0, 200)}' is no ARN of CodePipeline`);
  const found = world.store.in(pipelines).get(arn);
  if (found === undefined || found.account !== account || found.region !== region)
    throw new AwsError('ResourceNotFoundException', `The resource '${arn.slice(0, 200)}' was not found`);
  return found;
}

/** The tags of a pipeline. Throws ResourceNotFoundException. */
export const listTagsForResource = operation({
  input: z.object({ resourceArn: z.string() }),
  access: ({ resourceArn }) => arnAccess('ListTagsForResource', resourceArn),
  run: ({ resourceArn }, call) => ({
    tags: Object.entries(byArn(call, resourceArn).tags).map(([key, value]) => ({ key, value })),
  }),
});

/** Sets tags. Throws TooManyTagsException beyond 50. */
export const tagResource = operation({
  input: z.object({ resourceArn: z.string(), tags: tagList }),
  access: ({ resourceArn }) => arnAccess('TagResource', resourceArn),
  run: ({ resourceArn, tags }, call) => {
    const row = byArn(call, resourceArn);
    const all = { ...row.tags, ...Object.fromEntries(tags.map(({ key, value }) => [key, value])) };
    if (Object.keys(all).length > 50) throw new AwsError('TooManyTagsException', 'A pipeline has at most 50 tags');
    call.world.store.in(pipelines).put(row.arn, { ...row, tags: all });
    return {};
  },
});

/** Takes tags away. */
export const untagResource = operation({
  input: z.object({ resourceArn: z.string(), tagKeys: z.array(z.string()) }),
  access: ({ resourceArn }) => arnAccess('UntagResource', resourceArn),
  run: ({ resourceArn, tagKeys }, call) => {
    const row = byArn(call, resourceArn);
    const kept = Object.entries(row.tags).filter(([key]) => !tagKeys.includes(key));
    call.world.store.in(pipelines).put(row.arn, { ...row, tags: Object.fromEntries(kept) });
    return {};
  },
});
