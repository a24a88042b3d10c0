import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { operation } from '../../world/service.ts';
import { pageOf } from '../page.ts';
import { showPipeline } from './show-pipeline.ts';
import { findPipeline, pipelineAccess, pipelines, versions } from './tables.ts';

/** A pipeline's structure. Throws PipelineVersionNotFoundException. */
export const getPipeline = operation({
  input: z.object({ name: z.string(), version: z.number().int().min(1).optional() }),
  access: ({ name }, call) => [pipelineAccess('GetPipeline', name, call)],
  run: ({ name, version }, call) => {
    const newest = findPipeline(call.world, name, call);
    const pipeline = call.world.store.in(versions).get(`${newest.arn}/${version ?? newest.version}`);
    if (pipeline === undefined)
      throw new AwsError('PipelineVersionNotFoundException', `Pipeline '${name}' has no version ${version}`);
    const { arn, createdAt, updatedAt } = pipeline;
    return {
      pipeline: showPipeline(pipeline),
      metadata: { pipelineArn: arn, created: new Date(createdAt), updated: new Date(updatedAt) },
    };
  },
});

/** The pipelines of the account and region. */
export const listPipelines = operation({
  input: z.object({ maxResults: z.number().int().min(1).max(1000).default(1000), nextToken: z.string().optional() }),
  access: () => [{ action: 'codepipeline:ListPipelines', resource: '*' }],
  run: ({ maxResults, nextToken }, { world, account, region }) => {
    const all = world.store.in(pipelines).where((row) => row.account === account && row.region === region);
    const page = pageOf(all, nextToken, maxResults, 'InvalidNextTokenException');
    return {
      pipelines: page.items.map(({ name, version, executionMode, createdAt, updatedAt }) => ({
        name,
        version,
        pipelineType: 'V2',
        executionMode,
        created: new Date(createdAt),
        updated: new Date(updatedAt),
      })),
      nextToken: page.next,
    };
  },
});
