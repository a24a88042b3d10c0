import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { operation } from '../../world/service.ts';
import { pageOf } from '../page.ts';
import { providers } from './actions/index.ts';
import { showPipeline } from './show-pipeline.ts';
import { findPipeline, pipelineAccess, pipelines } from './tables.ts';

/** A pipeline's structure. Throws PipelineVersionNotFoundException. */
export const getPipeline = operation({
  simplified: 'Only the newest version of a structure is kept.',
  input: z.object({ name: z.string(), version: z.number().int().min(1).optional() }),
  access: ({ name }, call) => [pipelineAccess('GetPipeline', name, call)],
  run: ({ name, version }, call) => {
    const pipeline = findPipeline(call.world, name, call);
    if (version !== undefined && version !== pipeline.version)
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

const idOf = (key: string) => {
  const [category = '', provider = ''] = key.split('/');
  return { category, owner: 'AWS', provider, version: '1' };
};

/** The actions that can be in a pipeline. */
export const listActionTypes = operation({
  simplified: 'Only the actions that the local cloud runs, without the limits of their artifacts.',
  input: z.object({ actionOwnerFilter: z.enum(['AWS', 'ThirdParty', 'Custom']).optional() }),
  access: () => [{ action: 'codepipeline:ListActionTypes', resource: '*' }],
  run: ({ actionOwnerFilter = 'AWS' }) => ({
    actionTypes: (actionOwnerFilter === 'AWS' ? Object.entries(providers) : []).map(
      ([key, { required, optional }]) => ({
        id: idOf(key),
        actionConfigurationProperties: [...required, ...optional].map((name) => ({
          name,
          required: required.includes(name),
          key: true,
          secret: false,
        })),
        inputArtifactDetails: { minimumCount: 0, maximumCount: 5 },
        outputArtifactDetails: { minimumCount: 0, maximumCount: 5 },
      }),
    ),
  }),
});
