import { z } from 'zod';
import type { Required } from '../../../events/evidence.ts';
import type { Hold } from '../../../events/freeze.ts';

const setting = z.string().min(1);

const moment = setting.refine((text) => !Number.isNaN(Date.parse(text)), 'is no time in ISO 8601');

const freeze = z.object({ from: moment, until: moment, reason: setting });

const openHours = z.object({ open: z.array(setting).min(1), zone: setting, reason: setting });

const pipelines = z.array(
  z.object({
    pipeline: setting,
    repository: setting,
    paths: z.array(setting).min(1).optional(),
    freezes: z.array(z.union([freeze, openHours])).optional(),
    requires: z.array(z.object({ environment: setting, account: setting, pipeline: setting })).optional(),
  }),
);

const schema = z.object({
  ENVIRONMENT: setting,
  BRANCH: setting,
  DEVOPS_ACCOUNT: setting,
  DEVOPS_BUS_ARN: setting,
  READ_ROLE_ARN: setting,
  LEDGER_TABLE: setting,
  STARTER_ROLE_NAME: setting,
  PIPELINES: setting
    .transform((text, context) => {
      try {
        return JSON.parse(text) as unknown;
      } catch {
        context.addIssue('is not JSON');
        return z.NEVER;
      }
    })
    .pipe(pipelines),
});

/** A pipeline of this environment, and what its owner wants of it. */
export interface PipelineSettings {
  readonly pipeline: string;
  readonly repository: string;
  /** Globs as picomatch reads them; one that begins with `!` takes paths out again. Absent: every path concerns it. */
  readonly paths?: readonly string[];
  readonly freezes?: readonly Hold[];
  /** The pipelines of other environments that have to finish a commit first. */
  readonly requires?: readonly Required[];
}

/** What the stack tells the starter. */
export interface Settings {
  readonly environment: string;
  readonly branch: string;
  readonly devopsAccount: string;
  /** Where decisions are reported. */
  readonly devopsBusArn: string;
  /** The role in the DevOps account that may read the repositories. */
  readonly readRoleArn: string;
  readonly ledgerTable: string;
  /** The name of the starter's own role: executions that it triggered are ours. */
  readonly starterRoleName: string;
  readonly pipelines: readonly PipelineSettings[];
}

/** Reads the function's environment; throws with every wrong variable named, since only the stack can mend it. */
export function readSettings(environment: NodeJS.ProcessEnv): Settings {
  const result = schema.safeParse(environment);
  if (!result.success) throw new Error(`the function's environment is wrong: ${z.prettifyError(result.error)}`);
  const read = result.data;
  return {
    environment: read.ENVIRONMENT,
    branch: read.BRANCH,
    devopsAccount: read.DEVOPS_ACCOUNT,
    devopsBusArn: read.DEVOPS_BUS_ARN,
    readRoleArn: read.READ_ROLE_ARN,
    ledgerTable: read.LEDGER_TABLE,
    starterRoleName: read.STARTER_ROLE_NAME,
    pipelines: read.PIPELINES,
  };
}
