import { failedCondition } from './conditions.ts';
import { ContextKeys } from './context.ts';
import { type Naming, naming } from './principal.ts';
import type { Condition, Policies, Request, Statement } from './types.ts';
import { expandGlob } from './variables.ts';
import { globMatches, globOf, resourceMatches } from './wildcard.ts';

/** A request with what is looked up for every statement. */
export interface Question {
  readonly request: Request;
  readonly keys: ContextKeys;
  readonly hasBoundary: boolean;
}

/** The question that a request asks of its policies. */
export const questionOf = (request: Request, { boundary }: Policies): Question => ({
  request,
  keys: new ContextKeys(request.context),
  hasBoundary: boundary !== undefined,
});

/** Whether a statement speaks about a request, or what first keeps it from doing so. */
export type Reading =
  | { readonly applies: true; readonly naming: Naming | undefined }
  | { readonly applies: false; readonly failed: 'principal' | 'action' | 'resource' }
  | { readonly applies: false; readonly failed: 'condition'; readonly condition: Condition };

/** Reads a statement: principal (where it has one), action, resource, conditions. */
export function read(statement: Statement, { request, keys, hasBoundary }: Question): Reading {
  const named = naming(statement, request.principal, hasBoundary);
  if (named === undefined && (statement.principals || statement.notPrincipals)) {
    return { applies: false, failed: 'principal' };
  }
  if (!actionMatches(statement, request.action)) return { applies: false, failed: 'action' };
  if (!covered(statement, request.resource, keys)) return { applies: false, failed: 'resource' };
  const condition = failedCondition(statement, keys);
  return condition ? { applies: false, failed: 'condition', condition } : { applies: true, naming: named };
}

function actionMatches({ actions, notActions }: Statement, action: string): boolean {
  const asked = action.toLowerCase();
  const covers = (pattern: string): boolean => globMatches(globOf(pattern.toLowerCase()), asked);
  return actions ? actions.some(covers) : !(notActions ?? []).some(covers);
}

/** A statement without resources stands in a trust policy, which is about its role alone. */
function covered({ resources, notResources, variables }: Statement, asked: string, keys: ContextKeys): boolean {
  const covers = (pattern: string): boolean => {
    const glob = variables ? resourceGlob(pattern, keys) : globOf(pattern);
    return glob !== undefined && resourceMatches(glob, asked);
  };
  if (resources) return resources.some(covers);
  return notResources ? !notResources.some(covers) : true;
}

/** Variables are allowed behind the fifth colon only; before it they match nothing. */
function resourceGlob(pattern: string, keys: ContextKeys): string | undefined {
  const open = pattern.indexOf('${');
  if (open < 0) return globOf(pattern);
  const colons = pattern.slice(0, open).split(':').length - 1;
  return colons < 5 ? undefined : expandGlob(pattern, keys);
}
