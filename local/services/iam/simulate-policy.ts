import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { type Call, operation } from '../../world/service.ts';
import { paged, part } from './paging.ts';
import { queryList } from './query-list.ts';
import { principalOf, sourceOf } from './simulated-principal.ts';
import { keysOf, type Simulated, type Simulation, type Source, simulate } from './simulation.ts';

const document = z.string().min(1).max(131_072);
const asked = z.object({
  ActionNames: queryList(z.string().min(3).max(128), 200).refine((names) => names.length > 0, 'must name an action'),
  ResourceArns: queryList(z.string().min(1).max(2048)),
  PermissionsBoundaryPolicyInputList: queryList(document, 1),
  ResourcePolicy: document.optional(),
  ResourceOwner: z.string().optional(),
  CallerArn: z.string().optional(),
  ContextEntries: queryList(
    z.object({
      ContextKeyName: z.string().min(5).max(256),
      ContextKeyValues: queryList(z.string()),
      ContextKeyType: z.string().optional(),
    }),
  ),
  ...paged,
});

type Asked = z.output<typeof asked>;
type Subject = Omit<Simulation, 'ownerOf'>;

/** Decides actions by the policies that a user or role holds, and further ones. */
export const simulatePrincipalPolicy = operation({
  simplified:
    'Global condition keys that do not follow from the principal (time, address) have to be given in ContextEntries; the result for several resources is named `*`; EvalDecisionDetails are left out.',
  input: asked.extend({ PolicySourceArn: z.string().min(20), PolicyInputList: queryList(document) }),
  access: ({ PolicySourceArn }) => [{ action: 'iam:SimulatePrincipalPolicy', resource: PolicySourceArn }],
  run: ({ PolicySourceArn, PolicyInputList, ...input }, call) => {
    const held = principalOf(call, PolicySourceArn);
    const identity = [...held.identity, ...inputSources(PolicyInputList)];
    if (input.ResourcePolicy !== undefined && held.principal.type !== 'user' && input.CallerArn === undefined)
      throw new AwsError(
        'InvalidInput',
        'CallerArn is required when ResourcePolicy is given and PolicySourceArn is not a user.',
      );
    const principal = input.CallerArn === undefined ? held.principal : callerOf(input.CallerArn);
    return results(call, input, { ...held, principal, identity });
  },
});

/** Decides actions by the policies in the request alone. */
export const simulateCustomPolicy = operation({
  simplified:
    'Global condition keys have to be given in ContextEntries; the result for several resources is named `*`; EvalDecisionDetails are left out.',
  input: asked.extend({
    PolicyInputList: queryList(document).refine((texts) => texts.length > 0, 'must hold a policy'),
  }),
  access: () => [{ action: 'iam:SimulateCustomPolicy', resource: '*' }],
  run: ({ PolicyInputList, ...input }, call) => {
    const nobody = { type: 'user', account: call.account, arn: `arn:aws:iam::${call.account}:user/simulated` } as const;
    const principal = input.CallerArn === undefined ? nobody : callerOf(input.CallerArn);
    return results(call, input, { principal, context: {}, identity: inputSources(PolicyInputList) });
  },
});

const inputSources = (texts: readonly string[]): readonly Source[] =>
  texts.map((text, index) => sourceOf(`PolicyInputList.${index + 1}`, text, 'identity'));

/** Simulated callers are users: only they can be named in a simulated resource policy. Source: the SimulatePrincipalPolicy page. */
function callerOf(arn: string): Simulation['principal'] {
  const account = /^arn:aws:iam::(\d{12}):user\/.+$/.exec(arn)?.[1];
  if (account === undefined) throw new AwsError('InvalidInput', `CallerArn ${arn} is not the ARN of a user.`);
  return { type: 'user', account, arn };
}

function results(call: Call, input: Asked, subject: Subject): Record<string, unknown> {
  const simulation = simulationOf(input, subject);
  const malformed = input.ActionNames.find((action) => !/^[\w-]+:\w+$/.test(action));
  if (malformed !== undefined) throw new AwsError('InvalidInput', `Invalid Action name: ${malformed}`);
  const resources = input.ResourceArns.length === 0 ? ['*'] : input.ResourceArns;
  const evaluate = (action: string) =>
    evaluation(
      action,
      resources.map((resource) => simulate(simulation, action, resource)),
      call.world.organisationId !== undefined,
    );
  const { EvaluationResults, ...rest } = part('EvaluationResults', input.ActionNames, input) as {
    EvaluationResults: readonly string[];
  };
  refuseTooMuch(simulation, EvaluationResults.length * resources.length);
  return { EvaluationResults: EvaluationResults.map(evaluate), ...rest };
}

/** How many statements one call reads at most, over all its actions and resources. */
const mostReadings = 500_000;

/** A simulation takes time for each statement, action and resource: what would take seconds is refused. Throws InvalidInput. */
function refuseTooMuch({ identity, boundary, resource }: Simulation, evaluations: number): void {
  const sources = [...identity, ...(boundary ? [boundary] : []), ...(resource ? [resource] : [])];
  const statements = sources.reduce((sum, { policy }) => sum + policy.document.statements.length, 0);
  if (statements * evaluations > mostReadings)
    throw new AwsError(
      'InvalidInput',
      `${statements} statements for ${evaluations} pairs of action and resource are more than ${mostReadings} together; ask for fewer, or set MaxItems`,
    );
}

function simulationOf(input: Asked, subject: Subject): Simulation {
  const [boundaryText] = input.PermissionsBoundaryPolicyInputList;
  const owner = /\d{12}/.exec(input.ResourceOwner ?? '')?.[0];
  const own = 'account' in subject.principal ? subject.principal.account : '';
  const named = (resource: string) => /^\d{12}$/.exec(resource.split(':')[4] ?? '')?.[0];
  return {
    ...subject,
    context: {
      ...withoutGiven(subject.context, input),
      ...Object.fromEntries(input.ContextEntries.map((entry) => [entry.ContextKeyName, entry.ContextKeyValues])),
    },
    ...(boundaryText === undefined
      ? {}
      : { boundary: sourceOf('PermissionsBoundaryPolicyInputList.1', boundaryText, 'identity') }),
    ...(input.ResourcePolicy === undefined
      ? {}
      : { resource: sourceOf('ResourcePolicy', input.ResourcePolicy, 'resource') }),
    ownerOf: (resource) => (input.ResourcePolicy === undefined ? own : (named(resource) ?? owner ?? own)),
  };
}

/** Given keys count instead of known ones, however they are capitalized. */
function withoutGiven(context: Simulation['context'], { ContextEntries }: Asked): Simulation['context'] {
  const given = new Set(ContextEntries.map(({ ContextKeyName }) => ContextKeyName.toLowerCase()));
  return Object.fromEntries(Object.entries(context).filter(([key]) => !given.has(key.toLowerCase())));
}

/** One action's result. Missing keys stand at the action when no resource was given, else at each resource. */
function evaluation(action: string, simulated: readonly Simulated[], organised: boolean) {
  const [only] = simulated;
  const single = simulated.length === 1 ? only : undefined;
  const everywhere = single?.resource === '*';
  const worst = (['explicitDeny', 'implicitDeny', 'allowed'] as const).find((verdict) =>
    simulated.some((each) => each.verdict === verdict),
  );
  return {
    EvalActionName: action,
    EvalResourceName: single?.resource ?? '*',
    EvalDecision: worst,
    MatchedStatements: single?.matched ?? [],
    MissingContextValues: everywhere ? single.missing : [],
    ...(organised ? { OrganizationsDecisionDetail: { AllowedByOrganizations: true } } : {}),
    ...boundaryDetail(simulated),
    ...(everywhere ? {} : { ResourceSpecificResults: simulated.map(resourceResult) }),
  };
}

const boundaryDetail = (simulated: readonly Simulated[]) =>
  simulated.some(({ withinBoundary }) => withinBoundary !== undefined)
    ? {
        PermissionsBoundaryDecisionDetail: {
          AllowedByPermissionsBoundary: simulated.every(({ withinBoundary }) => withinBoundary === true),
        },
      }
    : {};

const resourceResult = (simulated: Simulated) => ({
  EvalResourceName: simulated.resource,
  EvalResourceDecision: simulated.verdict,
  MatchedStatements: simulated.matched,
  MissingContextValues: simulated.missing,
  ...boundaryDetail([simulated]),
});

/** The condition keys that a user's or role's policies read. */
export const getContextKeysForPrincipalPolicy = operation({
  input: z.object({ PolicySourceArn: z.string().min(20), PolicyInputList: queryList(document) }),
  access: ({ PolicySourceArn }) => [{ action: 'iam:GetContextKeysForPrincipalPolicy', resource: PolicySourceArn }],
  run: ({ PolicySourceArn, PolicyInputList }, call) =>
    contextKeys([...principalOf(call, PolicySourceArn).identity, ...inputSources(PolicyInputList)]),
});

/** The condition keys that given policies read. */
export const getContextKeysForCustomPolicy = operation({
  input: z.object({ PolicyInputList: queryList(document).refine((texts) => texts.length > 0, 'must hold a policy') }),
  access: () => [{ action: 'iam:GetContextKeysForCustomPolicy', resource: '*' }],
  run: ({ PolicyInputList }) => contextKeys(inputSources(PolicyInputList)),
});

const contextKeys = (sources: readonly Source[]) => ({
  ContextKeyNames: [...new Set(sources.flatMap(({ policy }) => policy.document.statements.flatMap(keysOf)))],
});
