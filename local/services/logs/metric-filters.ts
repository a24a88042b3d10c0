import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { numeric } from '../../world/properties.ts';
import type { Place } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { putMetric } from '../cloudwatch/metrics.ts';
import { type LinePattern, parseFilter } from './filter-pattern.ts';
import { type LogLine, type MetricFilter, metricFilters } from './tables.ts';

const mostFilters = 100;

/** What a metric filter makes of a line; dimensions as a map of names to selectors. */
export const transformation = z.object({
  metricName: z.string().regex(/^[^:*$]{1,255}$/, 'must be 1 to 255 characters without : * and $'),
  metricNamespace: z.string().regex(/^[^:*$]{1,255}$/, 'must be 1 to 255 characters without : * and $'),
  metricValue: z.string().min(1).max(100),
  defaultValue: numeric.optional(),
  dimensions: z.record(z.string(), z.string()).optional(),
  unit: z.string().optional(),
});

/** The names of metric filters. */
export const filterName = z.string().regex(/^[^:*]{1,512}$/, 'must be 1 to 512 characters without : and *');

const key = ({ account, region }: Place, group: string, name: string): string =>
  `${account}/${region}/${group}\n${name}`;

/** The metric filters of a group. */
export const filtersOf = (world: World, place: Place, group: string): readonly MetricFilter[] =>
  world.store
    .in(metricFilters)
    .where((row) => row.account === place.account && row.region === place.region && row.group === group);

/** Creates a metric filter or takes the place of the one of that name. Throws InvalidParameterException or LimitExceededException. */
export function writeFilter(
  world: World,
  { account, region }: Place,
  wanted: Pick<MetricFilter, 'group' | 'name' | 'pattern' | 'transformations'>,
): void {
  parseFilter(wanted.pattern);
  for (const { dimensions = {}, defaultValue, metricValue } of wanted.transformations) {
    if (Object.keys(dimensions).length > 0 && defaultValue !== undefined)
      throw invalid('dimensions and default value are mutually exclusive properties.');
    if (Object.keys(dimensions).length > 3) throw invalid('at most 3 dimensions are allowed.');
    if (!metricValue.startsWith('$') && Number.isNaN(Number(metricValue)))
      throw invalid(`metric value ${metricValue} is neither a number nor a selector.`);
  }
  const others = filtersOf(world, { account, region }, wanted.group).filter(({ name }) => name !== wanted.name);
  if (others.length >= mostFilters) throw new AwsError('LimitExceededException', 'Resource limit exceeded.');
  const createdAt = world.clock.now();
  world.store
    .in(metricFilters)
    .put(key({ account, region }, wanted.group, wanted.name), { ...wanted, account, region, createdAt });
}

const invalid = (reason: string) =>
  new AwsError('InvalidParameterException', `Invalid metric transformation: ${reason}`);

/** Deletes a metric filter; answers whether there was one. */
export const removeFilter = (world: World, place: Place, group: string, name: string): boolean =>
  world.store.in(metricFilters).delete(key(place, group, name));

/** Measures what the group's metric filters say about lines that just came in. */
export function measureLines(
  world: World,
  place: Place,
  group: string,
  lines: readonly Pick<LogLine, 'timestamp' | 'message'>[],
): void {
  for (const filter of filtersOf(world, place, group)) {
    const pattern = parseFilter(filter.pattern);
    const fitting = lines.filter(({ message }) => pattern.passes(message));
    for (const { timestamp, message } of fitting) measureLine(world, filter, pattern, message, timestamp);
    if (fitting.length === 0 && lines.length > 0) measureDefault(world, filter);
  }
}

function measureLine(world: World, filter: MetricFilter, pattern: LinePattern, message: string, at: number): void {
  for (const wanted of filter.transformations) {
    const dimensions = Object.entries(wanted.dimensions ?? {}).map(
      ([name, selector]) => [name, text(pattern.valueOf(selector, message))] as const,
    );
    // A line that lacks a dimension is not measured.
    if (dimensions.some(([, value]) => value === undefined)) continue;
    const found = wanted.metricValue.startsWith('$')
      ? text(pattern.valueOf(wanted.metricValue, message))
      : wanted.metricValue;
    const value = found === undefined || found.trim() === '' ? Number.NaN : Number(found);
    if (!Number.isFinite(value)) continue;
    putMetric(world, filter, {
      ...metricOf(wanted),
      dimensions: Object.fromEntries(dimensions) as Record<string, string>,
      value,
      at,
    });
  }
}

function measureDefault(world: World, filter: MetricFilter): void {
  for (const wanted of filter.transformations)
    if (wanted.defaultValue !== undefined)
      putMetric(world, filter, { ...metricOf(wanted), dimensions: {}, value: wanted.defaultValue });
}

const metricOf = ({ metricNamespace, metricName, unit }: MetricFilter['transformations'][number]) => ({
  namespace: metricNamespace,
  name: metricName,
  ...(unit === undefined ? {} : { unit }),
});

const text = (value: unknown): string | undefined =>
  value === undefined || value === null ? undefined : typeof value === 'string' ? value : JSON.stringify(value);
