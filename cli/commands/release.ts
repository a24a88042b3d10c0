import { CodePipelineClient } from '@aws-sdk/client-codepipeline';
import { overrideFor, type Release, readRelease, releaseMilliseconds, releaseText } from '../../events/release.ts';
import { versionOf } from '../../events/written-version.ts';
import { Fault } from '../../shared/fault.ts';
import { parameterName } from '../../shared/names.ts';
import type { ParameterStore } from '../../shared/parameter-store.ts';
import { type ConnectionOptions, connect } from '../connection.ts';
import { heldPipelines, parameterStoreOf } from '../parameter-store.ts';
import { terminalText } from '../render/terminal.ts';
import { checkedReason } from './hold.ts';

/** As given on the command line. */
export interface ReleaseOptions extends ConnectionOptions {
  /** Lets this commit alone through a freeze, closed hours or missing evidence. @default - ends a hold */
  readonly commit?: string;
  readonly reason?: string;
  /** True confirms, as a second person, what a first one asked for. */
  readonly confirm?: boolean;
}

/**
 * Ends holds of an environment's pipelines, or lets one commit through what holds it, which takes two people. Answers the exit code, 1 when
 * there was nothing to release or a second person is not one.
 */
export async function release(
  environment: string,
  pipeline: string | undefined,
  options: ReleaseOptions,
): Promise<number> {
  const client = new CodePipelineClient(connect(environment, options));
  const store = await parameterStoreOf(client);
  const pipelines = await heldPipelines(client, environment, pipeline);
  if (options.commit === undefined) {
    if (options.confirm === true || options.reason !== undefined)
      throw new Fault(
        'ReleaseInvalid',
        '--reason and --confirm are for a release of one commit, and --commit is missing',
      );
    return endHolds(store, environment, pipelines);
  }
  if (options.confirm === true) return confirm(store, environment, pipelines, options.commit);
  return request(store, environment, pipelines, options.commit, options.reason ?? '');
}

async function endHolds(store: ParameterStore, environment: string, pipelines: readonly string[]): Promise<number> {
  let ended = 0;
  for (const name of pipelines) {
    if (!(await store.remove(parameterName(environment, name, 'hold')))) continue;
    console.log(terminalText(`released: ${name}; its newest merge starts within 5 minutes`));
    ended += 1;
  }
  if (ended === 0) console.error(terminalText(`nobody holds a pipeline of ${environment}`));
  return ended === 0 ? 1 : 0;
}

async function request(
  store: ParameterStore,
  environment: string,
  pipelines: readonly string[],
  commit: string,
  reason: string,
): Promise<number> {
  if (!/^[0-9a-f]{40}$/.test(commit))
    throw new Fault('ReleaseInvalid', `--commit '${commit}' is not a whole commit id of 40 hexadecimal digits`);
  const expires = new Date(Date.now() + releaseMilliseconds).toISOString();
  const text = releaseText({ commit, reason: checkedReason(reason, 300), expires });
  for (const name of pipelines) {
    await store.put(parameterName(environment, name, 'release'), text);
    const second = `npx mergecast release ${environment} ${name} --commit ${commit.slice(0, 8)} --confirm`;
    console.log(terminalText(`asked for: ${name} at ${commit}; a second person confirms by ${expires}: ${second}`));
  }
  return 0;
}

async function confirm(
  store: ParameterStore,
  environment: string,
  pipelines: readonly string[],
  commit: string,
): Promise<number> {
  let unconfirmed = 0;
  let found = 0;
  for (const name of pipelines) {
    const parameter = parameterName(environment, name, 'release');
    const newest = (await store.history(parameter)).at(-1)?.Value;
    const asked = newest === undefined ? null : readRelease(newest);
    if (newest === undefined || asked === null || !meant(asked, commit)) continue;
    found += 1;
    await store.put(parameter, newest);
    const versions = (await store.history(parameter)).map(versionOf);
    const verdict = overrideFor(versions, asked.commit, versions.at(-1)?.at ?? Date.now());
    const missing = verdict === null ? 'the release was withdrawn' : 'missing' in verdict ? verdict.missing : null;
    if (missing !== null) unconfirmed += 1;
    if (missing === null)
      console.log(terminalText(`released: ${name} at ${asked.commit} (${asked.reason}); it starts within 5 minutes`));
    else console.error(terminalText(`not released: ${name} at ${asked.commit}: ${missing}`));
  }
  if (found === 0) console.error(terminalText(`nobody asked for a release of ${commit} in ${environment}`));
  return found === 0 || unconfirmed > 0 ? 1 : 0;
}

/** Whether what was asked for is the commit that the second person names, in short or whole. */
const meant = ({ commit }: Release, named: string): boolean =>
  /^[0-9a-f]{7,40}$/.test(named) && commit.startsWith(named);
