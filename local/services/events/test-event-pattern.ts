import { z } from 'zod';
import { match } from '../../../languages/event-pattern/match.ts';
import { AwsError } from '../../world/failure.ts';
import { operation } from '../../world/service.ts';
import { readPattern } from './rules.ts';

/** The members that a test event must have. Source: facts 2.2. */
const required = ['id', 'account', 'source', 'time', 'region', 'resources', 'detail-type'];

/** Whether an event matches a pattern. */
export const testEventPattern = operation({
  input: z.object({ EventPattern: z.string(), Event: z.string() }),
  access: () => [{ action: 'events:TestEventPattern', resource: '*' }],
  run: ({ EventPattern, Event }) => ({ Result: match(readPattern(EventPattern), readEvent(Event)).matched }),
});

function readEvent(text: string): object {
  const event = parsed(text);
  const missing = required.find((name) => !Object.hasOwn(event, name));
  if (missing !== undefined)
    throw new AwsError(
      'ValidationException',
      `Parameter Event is not valid. Reason: ${missing} is a required argument.`,
    );
  return event;
}

function parsed(text: string): object {
  try {
    const event: unknown = JSON.parse(text);
    if (typeof event === 'object' && event !== null) return event;
  } catch {
    // said below
  }
  throw new AwsError('ValidationException', 'Parameter Event is not valid. Reason: it is not a JSON object.');
}
