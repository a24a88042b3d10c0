import { resolve } from 'node:path';
import type { App } from 'aws-cdk-lib';
import { cdkApp } from '../shared/constructs/cdk-app.ts';
import { Fault } from '../shared/fault.ts';
import { chosen, type OrganisationFile, parseOrganisation } from '../shared/organisation-schema.ts';
import { checkedPipelines } from './owner-file.ts';
import type { PipelineDefinition } from './pipeline-definition.ts';
import { WorkloadStack } from './stack.ts';

/** What an owner's app is made from. */
export interface OwnAppProps {
  /** The organisation that the environment belongs to, as all its accounts agree on it. */
  readonly organisation: OrganisationFile;
  /** The name of the environment. */
  readonly environment: string;
  readonly pipelines: readonly PipelineDefinition[];
  /** Where the templates go. @default - CDK_OUTDIR, or cdk.out */
  readonly outdir?: string;
}

/**
 * The CDK app of an owner who keeps their account's stack in a repository of their own: the environment's stack, to which they may add what
 * they like. Its template is the same as the organisation's own app makes. The owner calls `app.synth()`.
 * Throws OrganisationInvalid, StackUnknown and OwnerFileInvalid.
 */
export function ownApp({ organisation: file, environment: name, pipelines, outdir }: OwnAppProps): {
  readonly app: App;
  readonly stack: WorkloadStack;
} {
  const organisation = parseOrganisation(file);
  const [environment] = chosen(organisation, name).environments;
  if (environment === undefined) throw new Fault('StackUnknown', `${name} is no environment, but the DevOps account`);
  const app = cdkApp({}, outdir);
  const definitions = checkedPipelines(environment, pipelines, resolve(process.argv[1] ?? 'app.ts'));
  return { app, stack: new WorkloadStack(app, organisation, environment, definitions) };
}
