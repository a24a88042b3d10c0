import { z } from 'zod';
import { operation } from '../../world/service.ts';
import { emit } from './emit.ts';

/** {@link emit} as a call, for services that events themselves import. AWS asks itself for no permission. */
export const emitServiceEvent = operation({
  internal: true,
  input: z.object({
    source: z.string(),
    detailType: z.string(),
    resources: z.array(z.string()),
    detail: z.record(z.string(), z.unknown()),
  }),
  access: () => [],
  run: (input, { world, account, region, cause }) => {
    emit(world, { ...input, account, region, cause });
    return {};
  },
});
