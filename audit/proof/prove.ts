import { Fault } from '../../shared/fault.ts';
import { proveBranch } from './branch-claims.ts';
import { provePutters, proveStarters } from './caller-claims.ts';
import { type Claim, sentence } from './claims.ts';
import { proveDeadLetters, provePromise } from './template-claims.ts';
import type { Templates } from './templates.ts';
import type { Verdict } from './verdict.ts';

/** A claim and what was decided. */
export type Proof = { readonly claim: Claim; readonly sentence: string } & Verdict;

/** Decides claims over all events and all principals; what policies say outside of the decided language is refused by name. */
export const prove = (claims: readonly Claim[], templates: Templates): readonly Proof[] =>
  claims.map((claim) => ({ claim, sentence: sentence(claim), ...decided(claim, templates) }));

function decided(claim: Claim, templates: Templates): Verdict {
  try {
    return decide(claim, templates);
  } catch (error) {
    if (error instanceof Fault && (error.code === 'ClaimUndecided' || error.code === 'PatternUndecided'))
      return { verdict: 'refused', reason: error.message };
    throw error;
  }
}

function decide(claim: Claim, templates: Templates): Verdict {
  switch (claim.claim) {
    case 'only-branch':
      return proveBranch(claim.environment, [{ 'anything-but': claim.branch }], templates);
    case 'never-branch':
      return proveBranch(claim.environment, [claim.branch], templates);
    case 'started-only-by':
      return proveStarters(claim.pipeline, claim.environment, claim.by, templates);
    case 'put-only-by':
      return provePutters(claim.bus, claim.by, templates);
    case 'dead-letters':
      return proveDeadLetters(templates);
    case 'as-promised':
      return provePromise(claim.environment, templates);
  }
}
