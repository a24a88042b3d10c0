import type { Cloud } from '../cloud/cloud.ts';
import { type Check, examine, type Finding } from './check.ts';
import { doubledStart } from './doubled-start.ts';
import { forAllValues } from './for-all-values.ts';
import { loosePattern } from './loose-pattern.ts';
import { openBucket } from './open-bucket.ts';
import { openPrincipal } from './open-principal.ts';
import { pinnedBranch } from './pinned-branch.ts';
import { polling } from './polling.ts';
import { replays } from './replays.ts';
import { ruleRewriter } from './rule-rewriter.ts';
import { sharedRole } from './shared-role.ts';
import { shortRetention } from './short-retention.ts';
import { undelivered } from './undelivered.ts';
import { unencryptedQueue } from './unencrypted-queue.ts';
import { weakSeal } from './weak-seal.ts';
import { wideBusPolicy } from './wide-bus-policy.ts';
import { wideIdentity } from './wide-identity.ts';

/** Every check by its name. */
export const checks: Readonly<Record<string, Check>> = {
  'doubled-start': doubledStart,
  'for-all-values': forAllValues,
  'loose-pattern': loosePattern,
  'open-bucket': openBucket,
  'open-principal': openPrincipal,
  'pinned-branch': pinnedBranch,
  polling,
  replays,
  'rule-rewriter': ruleRewriter,
  'shared-role': sharedRole,
  'short-retention': shortRetention,
  'unencrypted-queue': unencryptedQueue,
  undelivered,
  'weak-seal': weakSeal,
  'wide-bus-policy': wideBusPolicy,
  'wide-identity': wideIdentity,
};

/** What all checks find in a cloud, by stack and resource. */
export function findingsIn(cloud: Cloud): readonly Finding[] {
  const examined = examine(cloud);
  return Object.entries(checks)
    .flatMap(([check, judge]) =>
      judge(examined).map(({ resource: { stack, logicalId }, value, problem, mend }): Finding => {
        return { check, stack, logicalId, problem, value: JSON.stringify(value) ?? 'nothing', mend };
      }),
    )
    .sort((one, other) => (placeOf(one) < placeOf(other) ? -1 : 1));
}

const placeOf = ({ stack, logicalId, check }: Finding): string => [stack, logicalId, check].join('\n');
