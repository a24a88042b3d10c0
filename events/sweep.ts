/** The `source` of the input that the schedule sends: look at every pipeline, with no event to go by. */
export const sweepSource = 'mergecast.sweep';

/** Whether an input is the schedule's. */
export function isSweep(event: unknown): boolean {
  return typeof event === 'object' && event !== null && 'source' in event && event.source === sweepSource;
}
