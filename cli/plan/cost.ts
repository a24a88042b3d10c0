import type { AssemblyStack } from '../../assembly/types.ts';
import prices from './prices.json' with { type: 'json' };

/** What a stack costs as the price table says it; US dollars. */
export interface Cost {
  /** While nothing is merged. */
  readonly perMonth: number;
  /** For one merge that runs through all pipelines of the stack. */
  readonly perMerge: number;
  /** True when a figure of the sum is not known for sure. */
  readonly estimate: boolean;
}

type Row = keyof typeof prices.rows;
type Count = readonly [row: Row, times: number];

/** Which resource types cost something while nobody uses them. */
const monthlyRows: Readonly<Record<string, Row>> = {
  'AWS::KMS::Key': 'kmsKey',
  'AWS::CloudWatch::Alarm': 'alarm',
  'AWS::Logs::MetricFilter': 'customMetric',
  'AWS::SecretsManager::Secret': 'secret',
};
const minutesPerMonth = 30 * 24 * 60;
const minutesPerBuild = 2;
/** An announcement, its way to the environment's bus, a decision home, and its states. */
const eventsPerMerge = 12;

/** The region whose column counts for a stack. */
export const pricedRegion = (region: string): 'us-east-1' | 'eu-central-1' =>
  region === 'us-east-1' ? 'us-east-1' : 'eu-central-1';

/** What the resources of a stack cost; what depends on use (storage, logs, traffic) is not in it. */
export function costOf({ region, template }: Pick<AssemblyStack, 'region' | 'template'>): Cost {
  const resources = Object.values(template.resources);
  const monthly = resources.flatMap(({ type, properties }) => monthlyCounts(type, properties));
  const merging = resources.flatMap(({ type, properties }) =>
    type === 'AWS::CodePipeline::Pipeline' ? mergeCounts(properties) : [],
  );
  const sum = (counts: readonly Count[]) =>
    counts.reduce((total, [row, times]) => total + times * prices.rows[row][pricedRegion(region)], 0);
  const estimate = region !== 'us-east-1' || [...monthly, ...merging].some(([row]) => !prices.rows[row].sure);
  return { perMonth: sum(monthly), perMerge: sum(merging), estimate };
}

function monthlyCounts(type: string, properties: Readonly<Record<string, unknown>>): readonly Count[] {
  const row = monthlyRows[type];
  if (row !== undefined) return [[row, 1]];
  if (type === 'AWS::CodePipeline::Pipeline') return properties['PipelineType'] === 'V2' ? [] : [['pipelineV1', 1]];
  const schedule = properties['ScheduleExpression'];
  return typeof schedule === 'string' ? [['scheduledRun', runsPerMonth(schedule)]] : [];
}

/** Of a rate exactly; of a cron expression as if it were hourly. */
function runsPerMonth(schedule: string): number {
  const [, count = '1', unit = 'hour'] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(schedule) ?? [];
  return minutesPerMonth / (Number(count) * { minute: 1, hour: 60, day: 1440 }[unit as 'minute' | 'hour' | 'day']);
}

function mergeCounts(properties: Readonly<Record<string, unknown>>): readonly Count[] {
  const stages = listOf(properties['Stages']);
  const types = stages.flatMap((stage) =>
    listOf(stage['Actions']).map(
      (action) => (action['ActionTypeId'] ?? {}) as { Category?: string; Provider?: string },
    ),
  );
  const paid = types.filter(({ Category }) => Category !== 'Approval');
  const builds = paid.filter(({ Provider }) => Provider === 'CodeBuild' || Provider === 'Commands').length;
  const minutes = paid.length + builds * (minutesPerBuild - 1);
  const actions: readonly Count[] = properties['PipelineType'] === 'V2' ? [['pipelineMinute', minutes]] : [];
  return [...actions, ['buildMinute', builds * minutesPerBuild], ['event', eventsPerMerge]];
}

const listOf = (value: unknown): readonly Readonly<Record<string, unknown>>[] =>
  Array.isArray(value) ? (value as readonly Readonly<Record<string, unknown>>[]) : [];

/** What the figures rest on, in a sentence for the output. */
export const costBasis = `prices of ${prices.asOf}, us-east-1 or eu-central-1. ${prices.assumptions} ~ marks an estimate; cli/plan/prices.json has the sources and where to check.`;
