import { CloudWatchLogsClient, GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { BatchGetBuildsCommand, type Build, CodeBuildClient } from '@aws-sdk/client-codebuild';
import type { ClientSettings } from './connection.ts';

/** A line of a build's log. */
export interface LogLine {
  readonly build: string;
  /** ISO 8601. */
  readonly at: string;
  readonly message: string;
}

/** Reads the log of one build from CloudWatch Logs, as far as it was not read yet. */
export class BuildLog {
  readonly id: string;
  readonly #builds: CodeBuildClient;
  readonly #logs: CloudWatchLogsClient;
  #token: string | undefined;

  constructor(id: string, settings: ClientSettings) {
    this.id = id;
    this.#builds = new CodeBuildClient(settings);
    this.#logs = new CloudWatchLogsClient(settings);
  }

  /** Gives the new lines to `print`; answers the build's status when it has ended. The status is read before the lines, so that none is missed. */
  async read(print: (line: LogLine) => void): Promise<string | undefined> {
    const { builds = [] } = await this.#builds.send(new BatchGetBuildsCommand({ ids: [this.id] }));
    const [build] = builds;
    await this.#printNew(build, print);
    return build?.buildComplete === true ? build.buildStatus : undefined;
  }

  async #printNew(build: Build | undefined, print: (line: LogLine) => void): Promise<void> {
    const { groupName: logGroupName, streamName: logStreamName } = build?.logs ?? {};
    if (logGroupName === undefined || logStreamName === undefined) return;
    for (;;) {
      const place = { logGroupName, logStreamName, startFromHead: true };
      const page = await this.#logs
        .send(new GetLogEventsCommand({ ...place, ...(this.#token && { nextToken: this.#token }) }))
        .catch(nothingYet);
      for (const { message = '', timestamp = 0 } of page?.events ?? [])
        print({ build: this.id, at: new Date(timestamp).toISOString(), message: message.trimEnd() });
      if (page === undefined || page.nextForwardToken === this.#token) return;
      this.#token = page.nextForwardToken;
    }
  }
}

/** A build that has said nothing yet has no stream. */
function nothingYet(error: unknown): undefined {
  if (error instanceof Error && error.name === 'ResourceNotFoundException') return undefined;
  throw error;
}
