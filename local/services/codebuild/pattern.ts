import { runInNewContext } from 'node:vm';

/** A pattern of a buildspec gets this long; it is real time, for it bounds work of this machine. */
const patienceMilliseconds = 100;

/** Whether a regular expression from a buildspec is found in a text. One that backtracks without end counts as not found. */
export function matchesWithin(pattern: string, text: string): boolean {
  try {
    return (
      runInNewContext('new RegExp(pattern).test(text)', { pattern, text }, { timeout: patienceMilliseconds }) === true
    );
  } catch {
    return false;
  }
}
