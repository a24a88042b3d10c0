import type { Naming } from './principal.ts';
import { type Question, type Reading, read } from './statement.ts';
import type { Effect, NamedPolicy, Statement } from './types.ts';

/** A statement with the policy it stands in. */
export interface Placed {
  readonly policy: NamedPolicy;
  readonly statement: Statement;
  readonly index: number;
}

/** What a set of policies says about a request with one effect. */
export interface Survey {
  /** The statements that apply, with how they name the principal. */
  readonly applying: readonly (Placed & { readonly naming: Naming | undefined })[];
  /** The statement that came closest, when none applies. */
  readonly nearest?: Placed & { readonly reading: Extract<Reading, { applies: false }> };
}

const closeness = ['principal', 'action', 'resource', 'condition'];

/** Reads all statements of one effect. */
export function survey(policies: readonly NamedPolicy[], effect: Effect, question: Question): Survey {
  const applying: (Placed & { readonly naming: Naming | undefined })[] = [];
  let nearest: Survey['nearest'];
  for (const policy of policies) {
    for (const [index, statement] of policy.document.statements.entries()) {
      if (statement.effect !== effect) continue;
      const reading = read(statement, question);
      if (reading.applies) applying.push({ policy, statement, index, naming: reading.naming });
      else if (nearest === undefined || rank(reading) > rank(nearest.reading)) {
        nearest = { policy, statement, index, reading };
      }
    }
  }
  return applying.length > 0 || nearest === undefined ? { applying } : { applying, nearest };
}

const rank = ({ failed }: Extract<Reading, { applies: false }>): number => closeness.indexOf(failed);
