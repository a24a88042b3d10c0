import type { Datapoint } from '../cloudwatch/metrics.ts';

interface Directive {
  readonly Namespace?: unknown;
  readonly Dimensions?: unknown;
  readonly Metrics?: unknown;
}

/** Limits of the format: a line names at most this many of each. Source: the embedded metric format specification. */
const mostMetrics = 100;
const mostDimensions = 30;

/**
 * The metrics in a line of CloudWatch's embedded metric format: JSON whose `_aws.CloudWatchMetrics` says which members are values and which
 * are dimensions. Any other line, and any part that does not fit, has none.
 */
export function embeddedMetrics(message: string): readonly Datapoint[] {
  if (!message.includes('"CloudWatchMetrics"')) return [];
  const line = parsed(message.slice(message.indexOf('{')));
  const directives = (line?.['_aws'] as { CloudWatchMetrics?: unknown } | undefined)?.CloudWatchMetrics;
  if (line === undefined || !Array.isArray(directives)) return [];
  return directives.flatMap((directive: Directive) => datapoints(line, directive));
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function datapoints(line: Record<string, unknown>, directive: Directive): readonly Datapoint[] {
  const { Namespace: namespace, Dimensions: sets, Metrics: metrics } = directive ?? {};
  if (typeof namespace !== 'string' || !Array.isArray(metrics)) return [];
  const dimensionSets: readonly unknown[] = Array.isArray(sets) && sets.length > 0 ? sets : [[]];
  return dimensionSets.flatMap((set) =>
    metrics.slice(0, mostMetrics).flatMap((metric: { Name?: unknown; Unit?: unknown } | null) => {
      if (typeof metric?.Name !== 'string') return [];
      const unit = typeof metric.Unit === 'string' ? { unit: metric.Unit } : {};
      return valuesOf(line[metric.Name]).map((value) => ({
        namespace,
        name: metric.Name as string,
        dimensions: dimensionsOf(line, set),
        value,
        ...unit,
      }));
    }),
  );
}

const valuesOf = (value: unknown): readonly number[] =>
  (Array.isArray(value) ? (value as readonly unknown[]) : [value])
    .filter((each): each is number => typeof each === 'number')
    .slice(0, mostMetrics);

function dimensionsOf(line: Record<string, unknown>, set: unknown): Record<string, string> {
  const names = Array.isArray(set) ? (set as readonly unknown[]).slice(0, mostDimensions) : [];
  const found = names.flatMap((name): [string, string][] => {
    const value = typeof name === 'string' ? line[name] : undefined;
    return typeof value === 'string' || typeof value === 'number' ? [[String(name), String(value)]] : [];
  });
  return Object.fromEntries(found);
}
