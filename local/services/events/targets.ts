import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { numeric } from '../../world/properties.ts';
import type { Access } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { passRole } from '../iam/pass-role.ts';
import { isPath } from './json-path.ts';
import { targetService } from './send.ts';
import { type Rule, rules, type Target } from './tables.ts';

/** Quota: targets of one rule. Source: facts 2.4. */
const mostTargets = 5;

/** A target as API and CloudFormation write it. Parameters for targets that are not played are refused by name. */
export const targetShape = z.strictObject({
  Id: z.string().regex(/^[\w.-]{1,64}$/),
  Arn: z.string().min(1).max(1600),
  RoleArn: z.string().optional(),
  Input: z.string().max(8192).optional(),
  InputPath: z.string().max(256).optional(),
  InputTransformer: z
    .strictObject({
      InputPathsMap: z.record(z.string(), z.string()).optional(),
      InputTemplate: z.string().min(1).max(8192),
    })
    .optional(),
  DeadLetterConfig: z.strictObject({ Arn: z.string().optional() }).optional(),
  RetryPolicy: z
    .strictObject({
      MaximumRetryAttempts: numeric.pipe(z.number().int().min(0).max(185)).optional(),
      MaximumEventAgeInSeconds: numeric.pipe(z.number().int().min(60).max(86_400)).optional(),
    })
    .optional(),
  SqsParameters: z.strictObject({ MessageGroupId: z.string().optional() }).optional(),
});

/** Roles that targets name are handed over: the caller needs iam:PassRole for each. */
export const passedRoles = (targets: readonly Target[]): readonly Access[] =>
  targets.flatMap(({ RoleArn }) => (RoleArn === undefined ? [] : [passRole(RoleArn, 'events.amazonaws.com')]));

/** Adds targets to a rule; one with a known Id replaces it, keeping its role when none is given and the Arn is the same. */
export function writeTargets(world: World, rule: Rule, targets: readonly Target[]): void {
  for (const target of targets) checkTarget(rule, target);
  const byId = new Map(rule.targets.map((target) => [target.Id, target]));
  for (const target of targets) byId.set(target.Id, keepingRole(byId.get(target.Id), target));
  if (byId.size > mostTargets)
    throw new AwsError('LimitExceededException', 'The requested resource exceeds the maximum number allowed.');
  world.store.in(rules).update(rule.arn, (row) => ({ ...row, targets: [...byId.values()] }));
}

const keepingRole = (known: Target | undefined, target: Target): Target =>
  known?.Arn === target.Arn && known.RoleArn !== undefined && target.RoleArn === undefined
    ? { ...target, RoleArn: known.RoleArn }
    : target;

/** Throws AWS's ValidationException for a target that EventBridge would not take, or one that is not played. */
export function checkTarget(rule: Pick<Rule, 'account' | 'region'>, target: Target): void {
  const { Id, Arn } = target;
  if (!/^arn:aws[\w-]*:[\w-]+:[\w-]*:\d{12}:.+$/.test(Arn))
    throw invalid(Arn, 'Provided Arn is not in correct format.');
  const service = targetService(Arn);
  if (service === undefined)
    throw invalid(
      Arn,
      `targets of ${kindOf(Arn)} are not played by the local cloud (lambda, sqs, sns, logs, event buses, codepipeline and codebuild are)`,
    );
  const inputs = ['Input', 'InputPath', 'InputTransformer'].filter(
    (name) => name in target && target[name as 'Input'] !== undefined,
  );
  if (inputs.length > 1)
    throw validation(`Only one of Input, InputPath, or InputTransformer must be provided for target ${Id}.`);
  const startsWork = service === 'codepipeline' || service === 'codebuild';
  const elsewhere = Arn.split(':')[4] !== rule.account;
  if (service === 'events' && elsewhere && inputs.length > 0)
    throw validation(
      `${inputs[0]} is not supported for target ${Arn}: a bus in another account gets the event as it is.`,
    );
  if (target.RoleArn === undefined && (startsWork || (elsewhere && service !== 'logs')))
    throw validation(`RoleArn is required for target ${Arn}.`);
  if (elsewhere && (startsWork || service === 'logs'))
    throw invalid(Arn, `a rule cannot reach ${service} in another account.`);
  checkPaths(target);
  checkDeadLetters(rule, target);
}

/** `states`, or `api-destination` for what hides behind the service events. */
const kindOf = (arn: string): string => {
  const [, , service = '', , , path = ''] = arn.split(':');
  return service === 'events' ? (path.split('/')[0] ?? '') : service;
};

function checkPaths({ InputPath, InputTransformer }: Target): void {
  const paths = [
    ...(InputPath === undefined ? [] : [InputPath]),
    ...Object.values(InputTransformer?.InputPathsMap ?? {}),
  ];
  for (const path of paths) if (!isPath(path)) throw validation(`Invalid JSONPath '${path.slice(0, 256)}' provided.`);
  const names = Object.keys(InputTransformer?.InputPathsMap ?? {});
  if (names.length > 100) throw validation('InputPathsMap must have at most 100 entries.');
  const reserved = names.find((name) => /^aws/i.test(name));
  if (reserved !== undefined) throw validation(`InputPathsMap must not use the reserved name '${reserved}'.`);
}

function checkDeadLetters(rule: Pick<Rule, 'region'>, { DeadLetterConfig }: Target): void {
  const arn = DeadLetterConfig?.Arn;
  if (arn === undefined) return;
  const [, , service, region] = arn.split(':');
  if (service !== 'sqs' || region !== rule.region || arn.endsWith('.fifo'))
    throw invalid(arn, 'A dead-letter queue must be a standard SQS queue in the region of the rule.');
}

const validation = (message: string) => new AwsError('ValidationException', message);
const invalid = (arn: string, reason: string) => validation(`Parameter ${arn} is not valid. Reason: ${reason}`);
