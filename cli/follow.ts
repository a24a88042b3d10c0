import type { Cloud } from '../local/play.ts';
import { Fault } from '../shared/fault.ts';
import { type Arrival, Journeys, type Step } from './journeys.ts';

/** A line for the person who watches: a step of a journey, or something that went wrong on the way. */
export type LiveLine =
  | Step
  | {
      readonly word: 'refused' | 'alarm' | 'mail' | 'fault';
      readonly at: number;
      readonly text: string;
      readonly outcome: 'bad' | 'neutral';
      readonly environment?: string;
    };

/**
 * Follows the cloud's journal from now on: each merge's steps go to `onLine`, and into the answered journeys. With `branches`, those that
 * environments follow, a merge to another one is told as such.
 */
export function follow(cloud: Cloud, onLine: (line: LiveLine) => void, branches?: readonly string[]): Journeys {
  const environments = cloud.profiles.map(({ name }) => name).filter((name) => name !== 'devops');
  const journeys = new Journeys(
    (bus) => environments.find((name) => bus === `mergecast-${name}`),
    (account) => {
      const [only, ...others] = cloud.profiles.filter((profile) => profile.account === account);
      return others.length === 0 && only?.name !== 'devops' ? only?.name : undefined;
    },
  );
  cloud.journal.follow((entry) => {
    const at = Date.parse(entry.time);
    if (entry.kind === 'event') {
      const { bus, event } = entry.detail as { bus: string; event: Arrival['event'] };
      const step = stepOf(journeys, { bus, event, account: entry.account, at });
      const { referenceName = '' } = event['detail'] as { referenceName?: string };
      const isNobodys =
        step?.word === 'merge' &&
        step.journey !== undefined &&
        branches !== undefined &&
        !branches.includes(referenceName);
      if (step !== undefined)
        onLine(isNobodys ? { ...step, text: `${step.text}, and no environment follows it` } : step);
    } else if (entry.kind === 'delivery' && entry.allowed === false) {
      onLine({ word: 'refused', at, outcome: 'bad', text: entry.text });
    } else if (entry.kind === 'delivery' && entry.text.startsWith('mail to')) {
      onLine({ word: 'mail', at, outcome: 'neutral', text: entry.text });
    } else if (entry.kind === 'state' && entry.subject.includes(':alarm:')) {
      onLine({ word: 'alarm', at, outcome: entry.text.includes('ALARM') ? 'bad' : 'neutral', text: entry.text });
    } else if (entry.kind === 'fault') {
      onLine({ word: 'fault', at, outcome: 'bad', text: entry.text });
    }
  });
  return journeys;
}

/** Anybody may put an event that only looks like one of the flow; what does not read as such is no step. */
function stepOf(journeys: Journeys, arrival: Arrival): Step | undefined {
  try {
    return journeys.arrived(arrival);
  } catch (error) {
    if (error instanceof Fault) return undefined;
    throw error;
  }
}
