import { Fault } from '../shared/fault.ts';
import { AppRefused } from './synthesize.ts';

/** The exit codes of every verb, for scripts. */
export const exitCodes = { done: 0, no: 1, wrongCall: 2, notReached: 3, interrupted: 130 } as const;

/** What each exit code means, as `mergecast --help` and the README say it. */
export const exitCodeMeanings: Readonly<Record<keyof typeof exitCodes, string>> = {
  done: 'done; the answer is yes',
  no: 'the answer is no: it failed, nothing was there to act on, or something was found',
  wrongCall:
    'the call or a file it reads is wrong, and the message says how to mend it (prove: a claim cannot be decided)',
  notReached: 'AWS or the local cloud cannot be reached, or does not let this profile do it',
  interrupted: 'interrupted with Ctrl-C',
};

/** The table as text, for the end of `mergecast --help`. */
export const exitCodesText = (): string =>
  ['', 'Exit codes:', ...codes().map(([code, meaning]) => `  ${String(code).padEnd(4)} ${meaning}`)].join('\n');

const codes = (): readonly (readonly [number, string])[] =>
  (Object.keys(exitCodes) as (keyof typeof exitCodes)[]).map((name) => [exitCodes[name], exitCodeMeanings[name]]);

const networkCodes = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', 'EHOSTUNREACH']);
const refusal =
  /^(?:AccessDenied|Unauthorized|NotAuthorized|UnrecognizedClient|InvalidClientToken|InvalidSignature|SignatureDoesNotMatch|InvalidAccessKey|InvalidToken|ExpiredToken|CredentialsProvider|TokenRefresh|Timeout)/;

/** The exit code for what a verb threw and {@link Fault} or the connection explains. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof Fault || error instanceof AppRefused || !(error instanceof Error)) return exitCodes.wrongCall;
  const { code = '', cause } = error as { code?: string; cause?: { code?: string } };
  return networkCodes.has(code) || networkCodes.has(cause?.code ?? '') || refusal.test(error.name)
    ? exitCodes.notReached
    : exitCodes.wrongCall;
}
