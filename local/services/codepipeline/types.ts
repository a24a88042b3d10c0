import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { operation, type Place } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { pageOf } from '../page.ts';
import { findActionType } from './action-types.ts';
import { providers } from './actions/index.ts';
import { customTypesOf, showCustomType } from './custom-types.ts';
import { rules } from './rules/index.ts';
import { ruleTypeOf } from './show-pipeline.ts';

const category = z.enum(['Approval', 'Build', 'Compute', 'Deploy', 'Invoke', 'Source', 'Test']);
const pageSize = 1000;

/** The action types that a pipeline here can use: those of AWS that are played, and the account's own. */
export const listActionTypes = operation({
  simplified: 'Of AWS only the actions that the local cloud runs, and of third parties none.',
  input: z.object({
    actionOwnerFilter: z.enum(['AWS', 'ThirdParty', 'Custom']).optional(),
    regionFilter: z.string().optional(),
    nextToken: z.string().optional(),
  }),
  access: () => [{ action: 'codepipeline:ListActionTypes', resource: '*' }],
  run: ({ actionOwnerFilter: owner, nextToken }, { world, account, region }) => {
    const at = { account, region };
    const all = [
      ...(owner === undefined || owner === 'AWS' ? ofAws(world, at) : []),
      ...(owner === undefined || owner === 'Custom' ? customTypesOf(world, at).map(showCustomType) : []),
    ];
    const page = pageOf(all, nextToken, pageSize, 'InvalidNextTokenException');
    return { actionTypes: page.items, nextToken: page.next };
  },
});

const ofAws = (world: World, at: Place) =>
  Object.keys(providers).flatMap((key) => {
    const [category = '', provider = ''] = key.split('/');
    const id = { category, owner: 'AWS', provider, version: '1' };
    const type = findActionType(world, at, id);
    if (type === undefined) return [];
    const { required, optional, inputs, outputs } = type;
    return [
      {
        id,
        actionConfigurationProperties: properties(required, optional),
        inputArtifactDetails: { minimumCount: inputs[0], maximumCount: inputs[1] },
        outputArtifactDetails: { minimumCount: outputs[0], maximumCount: outputs[1] },
      },
    ];
  });

const properties = (required: readonly string[], optional: readonly string[]) =>
  [...required, ...optional].map((name) => ({ name, required: required.includes(name), key: true, secret: false }));

/** The declaration of an action type that a provider made. Throws ActionTypeNotFoundException: no type of the new kind can be made here. */
export const getActionType = operation({
  simplified: 'Action types of the new kind, which UpdateActionType makes, do not exist here, so none is found.',
  input: z.object({
    category,
    owner: z.string().min(1).max(255),
    provider: z.string().min(1).max(35),
    version: z.string().min(1).max(9),
  }),
  access: ({ category, owner, provider, version }, { account, region }) => [
    {
      action: 'codepipeline:GetActionType',
      resource: `arn:aws:codepipeline:${region}:${account}:actiontype:${owner}/${category}/${provider}/${version}`,
    },
  ],
  run: ({ category, owner, provider, version }) => {
    throw new AwsError(
      'ActionTypeNotFoundException',
      `The action type ${owner}/${category}/${provider}/${version} was not found`,
    );
  },
});

/** The rules that conditions of stages can use. */
export const listRuleTypes = operation({
  simplified: 'Only the rules that the local cloud asks.',
  input: z.object({ ruleOwnerFilter: z.literal('AWS').optional(), regionFilter: z.string().optional() }),
  access: () => [{ action: 'codepipeline:ListRuleTypes', resource: '*' }],
  run: () => ({
    ruleTypes: Object.entries(rules).map(([provider, { required, optional }]) => ({
      id: ruleTypeOf({ provider }),
      ruleConfigurationProperties: properties(required, optional),
      inputArtifactDetails: { minimumCount: 0, maximumCount: 10 },
    })),
  }),
});
