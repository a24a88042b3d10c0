import { table } from '../../world/store.ts';

/** A log group. */
export interface LogGroup {
  readonly arn: string;
  readonly account: string;
  readonly region: string;
  readonly name: string;
  /** Nothing is forgotten when left out. */
  readonly retentionDays?: number | undefined;
  readonly kmsKeyId?: string;
  readonly groupClass: string;
  readonly tags: Readonly<Record<string, string>>;
  /** World time in milliseconds. */
  readonly createdAt: number;
}

/** One line, as it was written. */
export interface LogLine {
  /** Unique in the world and growing: answers `eventId` and orders lines of equal time. */
  readonly id: string;
  /** World time in milliseconds. */
  readonly timestamp: number;
  readonly ingestionTime: number;
  readonly message: string;
}

/** A stream of a group. */
export interface LogStream {
  readonly group: string;
  readonly account: string;
  readonly region: string;
  readonly name: string;
  readonly createdAt: number;
  /** Mutable on purpose: a stream grows by a line at a time. In the order of arrival. */
  readonly lines: LogLine[];
  /** UTF-8 bytes of the lines kept. */
  bytes: number;
}

/** Who may write to the groups of a place. */
export interface LogResourcePolicy {
  readonly account: string;
  readonly region: string;
  readonly name: string;
  readonly document: unknown;
  readonly updatedAt: number;
}

/** Makes metrics of the lines of a group. */
export interface MetricFilter {
  readonly account: string;
  readonly region: string;
  readonly group: string;
  readonly name: string;
  readonly pattern: string;
  readonly transformations: readonly {
    readonly metricName: string;
    readonly metricNamespace: string;
    /** A number, or a selector of the line. */
    readonly metricValue: string;
    readonly defaultValue?: number | undefined;
    /** Name to selector. */
    readonly dimensions?: Readonly<Record<string, string>> | undefined;
    readonly unit?: string | undefined;
  }[];
  /** World time in milliseconds. */
  readonly createdAt: number;
}

/** By `<account>/<region>/<group>\n<name>`. */
export const metricFilters = table<MetricFilter>('logs/metric-filters');
/** By `<account>/<region>/<name>`. */
export const logGroups = table<LogGroup>('logs/groups');
/** By `<account>/<region>/<group>\n<stream>`. */
export const logStreams = table<LogStream>('logs/streams');
/** By `<account>/<region>/<name>`. */
export const logResourcePolicies = table<LogResourcePolicy>('logs/resource-policies');
/** One row, `next`: the number of the next line. */
export const lineCount = table<number>('logs/line-count');
