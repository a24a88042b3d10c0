import type { HeldMerges } from '../../audit/trail/held.ts';
import { reasonText } from './reason.ts';

/** `2 merges held in prod, opens Mon 2026-11-30 09:00 Europe/Berlin: office hours; the newest is 1234abcd…`, in the machine's own time zone. */
export function heldText({ count, newest, reason, until }: HeldMerges, environment: string, zone = ownZone()): string {
  const merges = count === 1 ? '1 merge' : `${count} merges`;
  const opens = until === null ? '' : `, opens ${momentText(until, zone)}`;
  const which = newest === null ? '' : `; the newest is ${newest}`;
  return `${merges} held in ${environment}${opens}: ${reasonText(reason, 11, environment)}${which}`;
}

const ownZone = (): string => new Intl.DateTimeFormat().resolvedOptions().timeZone;

function momentText(moment: string, timeZone: string): string {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'short',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  const part = Object.fromEntries(format.formatToParts(new Date(moment)).map(({ type, value }) => [type, value]));
  return `${part['weekday']} ${part['year']}-${part['month']}-${part['day']} ${part['hour']}:${part['minute']} ${timeZone}`;
}
