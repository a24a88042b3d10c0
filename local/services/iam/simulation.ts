import { decide } from '../../../languages/iam-policy/decide.ts';
import { type Question, questionOf, read } from '../../../languages/iam-policy/statement.ts';
import { type Placed, survey } from '../../../languages/iam-policy/survey.ts';
import type { NamedPolicy, Policies, Request, Statement } from '../../../languages/iam-policy/types.ts';
import type { Span } from './statement-spans.ts';

/** A policy in a simulation, and under which name results point at it. */
export interface Source {
  /** `PolicyInputList.1`, `role_<role>_<policy>` or a managed policy's name. */
  readonly id: string;
  readonly policy: NamedPolicy;
  /** Where its statements stand in the text. */
  readonly spans: readonly Span[];
}

/** What is asked: who, with which policies, and what the request would hold. */
export interface Simulation {
  readonly principal: Request['principal'];
  readonly context: Request['context'];
  readonly identity: readonly Source[];
  readonly boundary?: Source;
  readonly resource?: Source;
  /** Who owns a resource. */
  readonly ownerOf: (resource: string) => string;
}

type Verdict = 'allowed' | 'explicitDeny' | 'implicitDeny';

/** What came out for one action on one resource. */
export interface Simulated {
  readonly resource: string;
  readonly verdict: Verdict;
  readonly matched: readonly ({ readonly SourcePolicyId: string; readonly SourcePolicyType: string } & Span)[];
  readonly missing: readonly string[];
  readonly withinBoundary?: boolean;
}

const verdicts = { allowed: 'allowed', 'explicit-deny': 'explicitDeny', 'implicit-deny': 'implicitDeny' } as const;

/** Decides one action on one resource, as a call would be decided, and tells which statements made it so and which keys were not given. */
export function simulate(simulation: Simulation, action: string, resource: string): Simulated {
  const { principal, context, identity, boundary, resource: attached } = simulation;
  const request = { principal, action, resource, context, resourceAccount: simulation.ownerOf(resource) };
  const policies: Policies = {
    identity: identity.map(({ policy }) => policy),
    ...(boundary === undefined ? {} : { boundary: boundary.policy }),
    ...(attached === undefined ? {} : { resource: attached.policy, resourceKind: 'other' }),
  };
  const question = questionOf(request, policies);
  const verdict = verdicts[decide(request, policies).reason];
  const sources = [...identity, ...(attached === undefined ? [] : [attached])];
  const all = [...sources, ...(boundary === undefined ? [] : [boundary])];
  const applying = (effect: 'Allow' | 'Deny', among: readonly Source[]) =>
    survey(
      among.map(({ policy }) => policy),
      effect,
      question,
    ).applying;
  return {
    resource,
    verdict,
    matched: (verdict === 'explicitDeny' ? applying('Deny', all) : applying('Allow', sources)).map((placed) =>
      shownStatement(placed, all),
    ),
    missing: missingKeys(question, all),
    ...(boundary === undefined
      ? {}
      : { withinBoundary: applying('Allow', [boundary]).length > 0 && applying('Deny', [boundary]).length === 0 }),
  };
}

function shownStatement({ policy, index }: Placed, sources: readonly Source[]): Simulated['matched'][number] {
  const source = sources.find((each) => each.policy === policy);
  const nowhere = { Line: 1, Column: 1 };
  const span = source?.spans[index] ?? { StartPosition: nowhere, EndPosition: nowhere };
  return { SourcePolicyId: source?.id ?? policy.name, SourcePolicyType: 'IAM Policy', ...span };
}

/** The condition keys that statements about this action and resource read and that the request does not hold. */
function missingKeys(question: Question, sources: readonly Source[]): readonly string[] {
  const wanted = sources
    .flatMap(({ policy }) => policy.document.statements)
    .filter((statement) => read(withoutUnknowns(statement), question).applies)
    .flatMap(keysOf);
  return [...new Set(wanted)].filter((key) => question.keys.get(key) === undefined);
}

/** A statement whose conditions hold and whose variables stand for anything. */
const withoutUnknowns = ({ resources, ...statement }: Statement): Statement => ({
  ...statement,
  ...(resources === undefined
    ? {}
    : {
        resources: resources.map((pattern) =>
          statement.variables ? pattern.replaceAll(/\$\{[^}]*\}/g, '*') : pattern,
        ),
      }),
  conditions: [],
});

/** The condition keys that a statement reads: in conditions, and as variables. */
export function keysOf({ conditions, resources = [], notResources = [], variables }: Statement): readonly string[] {
  const texts = [...conditions.flatMap(({ values }) => values), ...resources, ...notResources];
  const named = variables
    ? texts.flatMap((text) => [...text.matchAll(/\$\{([^},]+)/g)].map(([, key = '']) => key.trim()))
    : [];
  return [...conditions.map(({ key }) => key), ...named.filter((key) => !['*', '?', '$'].includes(key))];
}
