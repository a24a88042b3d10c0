import type { World } from '../../world/world.ts';
import type { Delivery } from './delivery.ts';
import { DeliveryFailure } from './delivery-failure.ts';
import { readPath } from './json-path.ts';
import type { BusEvent, Rule } from './tables.ts';

/** Targets that take JSON only; queues, topics and logs take any text. */
const jsonTargets = new Set(['lambda', 'codepipeline', 'codebuild']);

/** The text that a target gets: the event, or what Input, InputPath or InputTransformer make of it. Throws INVALID_JSON. */
export function payloadFor(world: World, { rule, target, event }: Delivery): string {
  const payload = shaped(world, { rule, target, event });
  if (jsonTargets.has(target.Arn.split(':')[2] ?? '') && !isJson(payload))
    throw new DeliveryFailure(
      'INVALID_JSON',
      `The input of target ${target.Id} is not valid JSON: ${payload.slice(0, 200)}`,
    );
  return payload;
}

function shaped(world: World, { rule, target, event }: Pick<Delivery, 'rule' | 'target' | 'event'>): string {
  if (target.Input !== undefined) return target.Input;
  if (target.InputPath !== undefined) return JSON.stringify(readPath(event, target.InputPath) ?? null);
  if (target.InputTransformer === undefined) return JSON.stringify(event);
  const { InputPathsMap = {}, InputTemplate } = target.InputTransformer;
  const found = Object.entries(InputPathsMap).map(([name, path]) => [name, readPath(event, path)] as const);
  return fill(InputTemplate, new Map([...found, ...reserved(world, rule, event)]));
}

/** Source: the input transformation page of the EventBridge guide. */
function reserved(world: World, rule: Rule, event: BusEvent): readonly (readonly [string, unknown])[] {
  const envelope = { ...event, detail: undefined };
  return [
    ['aws.events.rule-arn', rule.arn],
    ['aws.events.rule-name', rule.name],
    ['aws.events.event.ingestion-time', world.clock.date().toISOString()],
    ['aws.events.event', envelope],
    ['aws.events.event.json', event],
  ];
}

/**
 * Puts the values in for `<name>`: as bare text inside quotes, as JSON outside of them. A value that the event lacks is empty
 * text; values are not escaped inside quotes, as AWS says.
 */
function fill(template: string, values: ReadonlyMap<string, unknown>): string {
  let quoted = false;
  return template.replace(/\\.|"|<([\w.-]+)>/g, (found, name: string | undefined) => {
    if (found === '"') quoted = !quoted;
    if (name === undefined || !values.has(name)) return found;
    const value = values.get(name);
    if (value === undefined) return quoted ? '' : '""';
    return quoted && typeof value === 'string' ? value : JSON.stringify(value);
  });
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
