import type { Question } from './statement.ts';
import type { Placed, Survey } from './survey.ts';
import type { Condition, DecidingStatement, Policies, Request } from './types.ts';

/** A statement as a decision lists it. */
export const deciding = ({ policy, statement }: Placed): DecidingStatement => ({
  policy: policy.name,
  ...(statement.sid === undefined ? {} : { sid: statement.sid }),
  effect: statement.effect,
});

/** A statement as a sentence names it; the only one of its policy goes by the policy's name. */
export function named({ policy, statement, index }: Placed): string {
  if (statement.sid) return `statement ${statement.sid} of ${policy.name}`;
  return policy.document.statements.length === 1 ? policy.name : `statement ${index + 1} of ${policy.name}`;
}

/** Who asks. */
export function callerOf({ principal }: Request): string {
  if (principal.type === 'service') return principal.service;
  return principal.type === 'anonymous' ? 'an anonymous caller' : principal.arn;
}

/** What the resource's policy would have to say. */
export function missingInResource({ request, keys }: Question, policies: Policies, found: Survey | undefined): string {
  const lack = `no resource-based policy allows the ${request.action} action`;
  const caller = callerOf(request);
  if (policies.resource === undefined || found === undefined) {
    return `${lack}: ${request.resource} has no resource-based policy, which ${caller} needs`;
  }
  const { name } = policies.resource;
  const { nearest } = found;
  switch (nearest?.reading.failed) {
    case undefined:
    case 'principal':
      return `${lack}: ${name} has no statement for this principal (${caller})`;
    case 'action':
      return `${lack}: ${name} has no statement that allows it to this principal (${caller})`;
    case 'resource':
      return `${lack}: ${named(nearest)} allows it to this principal, but not on ${request.resource}`;
    case 'condition':
      return `${lack}: ${unmet(nearest, keys)}`;
  }
}

/** What an identity-based policy would have to say, or any other set of policies that has to allow. */
export function missingIn(set: string, { request, keys }: Question, { nearest }: Survey): string {
  const lack = `no ${set} allows the ${request.action} action on ${request.resource}`;
  if (nearest?.reading.failed === 'resource') {
    return `${lack}: ${named(nearest)} allows the action on other resources only`;
  }
  return nearest?.reading.failed === 'condition' ? `${lack}: ${unmet(nearest, keys)}` : lack;
}

function unmet(nearest: NonNullable<Survey['nearest']>, keys: Question['keys']): string {
  if (nearest.reading.failed !== 'condition') return named(nearest);
  const { condition } = nearest.reading;
  const given = keys.get(condition.key);
  const came = given === undefined ? `the request has no ${condition.key}` : `the request has ${quoted(given)}`;
  return `${named(nearest)} would, but its condition ${written(condition)} is not met: ${came}`;
}

const written = ({ quantifier, operator, ifExists, key, values }: Condition): string =>
  `${quantifier === undefined ? '' : `${quantifier}:`}${operator}${ifExists ? 'IfExists' : ''} ${key} ${quoted(values)}`;

const quoted = (values: readonly string[]): string =>
  values
    .map((value) => `"${value}"`)
    .join(', ')
    .slice(0, 300);
