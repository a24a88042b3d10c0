import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { App } from 'aws-cdk-lib';
import { defaultExportOf } from './default-export.ts';
import { Fault } from './fault.ts';
import type { Organisation } from './organisation-schema.ts';

/** Stacks that an organisation has beside mergecast's own, such as the servers that its pipelines deploy to. */
export type MoreStacks = (app: App, organisation: Organisation) => void;

/** What one organisation is written in. */
export interface OrganisationFolder {
  /** What organisation.ts exports, not yet validated. */
  readonly file: unknown;
  /** The directory of the owners' files, one an environment. */
  readonly owners: string;
  /** What stacks.ts exports, where there is one. */
  readonly moreStacks?: MoreStacks;
}

/**
 * Reads organisation.ts, and stacks.ts where there is one, of the folder that `-c organisation=` names, whose `environments/` holds the
 * owners' files. Without it these are the checkout's own. Throws OrganisationInvalid when there is none or it cannot be read.
 */
export async function organisationFolder(checkout: string, app: App): Promise<OrganisationFolder> {
  const folder = app.node.tryGetContext('organisation') as string | undefined;
  const own = folder === undefined;
  const at = own ? checkout : resolve(folder);
  const path = join(at, 'organisation.ts');
  if (!existsSync(path))
    throw new Fault(
      'OrganisationInvalid',
      `${at} holds no organisation.ts`,
      'name a folder that does, such as examples/single-account',
    );
  const more = join(at, 'stacks.ts');
  return {
    file: await exportOf(path),
    owners: own ? join(at, 'workload-account', 'environments') : join(at, 'environments'),
    ...(own || !existsSync(more) ? {} : { moreStacks: (await exportOf(more)) as MoreStacks }),
  };
}

const exportOf = (path: string): Promise<unknown> =>
  defaultExportOf(path, (what) => new Fault('OrganisationInvalid', what, 'mend that file'));
