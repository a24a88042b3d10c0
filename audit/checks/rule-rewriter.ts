import { globMatches, globOf } from '../../languages/iam-policy/wildcard.ts';
import type { Cloud } from '../cloud/cloud.ts';
import type { HeldPolicy } from '../cloud/policies.ts';
import { listIn, textIn } from '../cloud/values.ts';
import type { Check } from './check.ts';
import { heldIn } from './held-policies.ts';

/** What changes who hears which events, and who may put them. */
const rewriting = [
  ...['PutRule', 'DeleteRule', 'DisableRule', 'EnableRule', 'PutTargets', 'RemoveTargets'],
  ...['PutPermission', 'RemovePermission', 'UpdateEventBus', 'DeleteEventBus', 'UpdateArchive', 'DeleteArchive'],
].map((name) => `events:${name.toLowerCase()}`);

/** Policies of AWS that hold these rights. */
const managed =
  /:iam::aws:policy\/(AdministratorAccess|PowerUserAccess|AmazonEventBridgeFullAccess|CloudWatchEventsFullAccess)$/;

/** A role of the templates that can change rules, targets or bus policies, and so decide what starts. Deployments do that, as roles outside of these templates. */
export const ruleRewriter: Check = ({ cloud, permissions }) => [
  ...permissions.all.filter(identitiesIn(cloud)).flatMap(({ written, policy }) =>
    policy.document.statements
      .filter(({ effect }) => effect === 'Allow')
      .flatMap(({ actions, notActions }) => {
        const covers = (patterns: readonly string[], action: string): boolean =>
          patterns.some((pattern) => globMatches(globOf(pattern.toLowerCase()), action));
        const able = rewriting.filter((action) =>
          actions ? covers(actions, action) : !covers(notActions ?? [], action),
        );
        if (able.length === 0) return [];
        const value = actions ?? { NotAction: notActions };
        return [
          {
            resource: written,
            problem: 'the role can rewrite rules',
            value,
            mend: 'allow only the actions it needs',
          },
        ];
      }),
  ),
  ...cloud.ofType('AWS::IAM::Role').flatMap((resource) =>
    listIn(resource.properties['ManagedPolicyArns'])
      .filter((arn) => managed.test(textIn(arn) ?? ''))
      .map((value) => ({
        resource,
        problem: 'the role can rewrite rules',
        value,
        mend: 'attach a policy of the actions it needs',
      })),
  ),
];

function identitiesIn(cloud: Cloud): (policy: HeldPolicy) => boolean {
  const isHeld = heldIn(cloud);
  return ({ kind, written }) => kind === 'identity' && isHeld(written);
}
