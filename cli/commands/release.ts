import { overrideFor, type Release, readRelease, releaseMilliseconds, releaseText } from '../../events/release.ts';
import { versionOf } from '../../events/written-version.ts';
import { Fault } from '../../shared/fault.ts';
import { parameterName } from '../../shared/names.ts';
import type { ParameterStore } from '../../shared/parameter-store.ts';
import { canAsk, choose } from '../choose.ts';
import { chosenPipelines, type PipelineOptions } from '../chosen-pipeline.ts';
import { exitCodes } from '../exit-codes.ts';
import { parameterStoreOf } from '../parameter-store.ts';
import { terminalText } from '../render/terminal.ts';
import { askedReason, checkedReason } from './hold.ts';

/** As given on the command line. */
export interface ReleaseOptions extends PipelineOptions {
  /** Lets this commit alone through a freeze, closed hours or missing evidence. @default - ends a hold */
  readonly commit?: string;
  readonly reason?: string;
  /** True confirms, as a second person, what a first one asked for. */
  readonly confirm?: boolean;
  readonly json?: boolean;
}

/** Where a release is written. */
interface Place {
  readonly store: ParameterStore;
  readonly environment: string;
  readonly pipelines: readonly string[];
}

/** What became of a pipeline's release, as `--json` prints it. */
type Released =
  | { readonly pipeline: string; readonly outcome: 'hold-ended' }
  | {
      readonly pipeline: string;
      readonly outcome: 'asked-for';
      readonly commit: string;
      readonly reason: string;
      /** ISO 8601: until then a second person may confirm. */
      readonly expires: string;
    }
  | { readonly pipeline: string; readonly outcome: 'released'; readonly commit: string; readonly reason: string }
  | {
      readonly pipeline: string;
      readonly outcome: 'not-released';
      readonly commit: string;
      /** What keeps it from being one. */
      readonly missing: string;
    };

/**
 * Ends holds of an environment's pipelines, or lets one commit through what holds it, which takes two people. What is left out is asked for at a
 * terminal. Answers the exit code, `no` when there was nothing to release or a second person is not one. Throws EnvironmentMissing, PipelineUnknown,
 * ReasonInvalid, ReleaseInvalid.
 */
export async function release(
  named: string | undefined,
  pipeline: string | undefined,
  options: ReleaseOptions,
): Promise<number> {
  const { commit, confirm = false } = options;
  if (!confirm && commit === undefined && options.reason !== undefined)
    throw new Fault('ReleaseInvalid', '--reason is for a release of one commit, and --commit is missing');
  const wanted = pipeline === undefined ? options : { ...options, pipeline };
  const { environment, client, pipelines } = await chosenPipelines(named, wanted, 'environment');
  const place = { store: await parameterStoreOf(client), environment, pipelines };
  const done = confirm
    ? await confirmed(place, commit)
    : commit === undefined
      ? await endHolds(place)
      : await request(place, commit, options.reason);
  if (options.json === true) console.log(JSON.stringify(done));
  else tell(environment, done);
  if (done.length === 0)
    console.error(
      terminalText(
        confirm
          ? `nothing to confirm: no release${commit === undefined ? '' : ` of ${commit}`} that is asked for in ${environment} is meant`
          : `nobody holds a pipeline of ${environment}`,
      ),
    );
  return done.length === 0 || done.some(({ outcome }) => outcome === 'not-released') ? exitCodes.no : exitCodes.done;
}

function tell(environment: string, done: readonly Released[]): void {
  for (const each of done) {
    const say = each.outcome === 'not-released' ? console.error : console.log;
    say(terminalText(sentence(environment, each), 1000));
  }
}

function sentence(environment: string, each: Released): string {
  const { pipeline } = each;
  switch (each.outcome) {
    case 'hold-ended':
      return `released: ${pipeline}; its newest merge starts within 5 minutes`;
    case 'asked-for': {
      const second = `npx mergecast release ${environment} ${pipeline} --commit ${each.commit.slice(0, 8)} --confirm`;
      return `asked for: ${pipeline} at ${each.commit}; a second person confirms by ${each.expires}: ${second}`;
    }
    case 'released':
      return `released: ${pipeline} at ${each.commit} (${each.reason}); it starts within 5 minutes`;
    case 'not-released':
      return `not released: ${pipeline} at ${each.commit}: ${each.missing}`;
  }
}

async function endHolds({ store, environment, pipelines }: Place): Promise<readonly Released[]> {
  const ended: Released[] = [];
  for (const pipeline of pipelines)
    if (await store.remove(parameterName(environment, pipeline, 'hold')))
      ended.push({ pipeline, outcome: 'hold-ended' });
  return ended;
}

async function request(
  { store, environment, pipelines }: Place,
  commit: string,
  said: string | undefined,
): Promise<readonly Released[]> {
  if (!/^[0-9a-f]{40}$/.test(commit))
    throw new Fault('ReleaseInvalid', `--commit '${commit}' is not a whole commit id of 40 hexadecimal digits`);
  const reason = checkedReason(said ?? (await askedReason()), 300);
  const expires = new Date(Date.now() + releaseMilliseconds).toISOString();
  for (const name of pipelines)
    await store.put(parameterName(environment, name, 'release'), releaseText({ commit, reason, expires }));
  return pipelines.map((pipeline) => ({ pipeline, outcome: 'asked-for', commit, reason, expires }));
}

/** A release that somebody asked for. */
interface Asked extends Release {
  readonly pipeline: string;
  /** As it is written. */
  readonly text: string;
}

async function confirmed(place: Place, named: string | undefined): Promise<readonly Released[]> {
  const all = (await Promise.all(place.pipelines.map((pipeline) => askedFor(place, pipeline)))).flat();
  const commit = named ?? (await chosenCommit(all));
  const done: Released[] = [];
  for (const asked of all) if (commit !== undefined && meant(asked, commit)) done.push(await second(place, asked));
  return done;
}

async function askedFor({ store, environment }: Place, pipeline: string): Promise<readonly Asked[]> {
  const text = (await store.history(parameterName(environment, pipeline, 'release'))).at(-1)?.Value;
  const asked = text === undefined ? null : readRelease(text);
  return text === undefined || asked === null ? [] : [{ ...asked, pipeline, text }];
}

const none = 'none of them';

/** The commit that a person at a terminal picks; a single one is picked too, since who confirms has to have seen what. */
async function chosenCommit(all: readonly Asked[]): Promise<string | undefined> {
  if (all.length === 0) return undefined;
  const shown = [...new Set(all.map(({ commit, reason }) => `${commit} (${reason})`))];
  const subject = '--confirm is for one commit, and --commit is missing; asked for';
  if (!canAsk()) throw new Fault('ReleaseInvalid', terminalText(`${subject}: ${shown.join(', ')}`, 2000));
  const picked = await choose([...shown, none], { question: 'which commit', code: 'ReleaseInvalid', subject });
  return picked === none ? undefined : picked.slice(0, 40);
}

/** Writes what was asked for once more, as this person, and judges whether that made it a release. */
async function second({ store, environment }: Place, { pipeline, text, commit, reason }: Asked): Promise<Released> {
  const parameter = parameterName(environment, pipeline, 'release');
  // While a person picked, somebody may have asked for another commit: that stays.
  if ((await store.history(parameter)).at(-1)?.Value !== text)
    return { pipeline, outcome: 'not-released', commit, missing: 'something else was asked for meanwhile' };
  await store.put(parameter, text);
  const versions = (await store.history(parameter)).map(versionOf);
  const verdict = overrideFor(versions, commit, versions.at(-1)?.at ?? Date.now());
  const missing = verdict === null ? 'the release was withdrawn' : 'missing' in verdict ? verdict.missing : null;
  return missing === null
    ? { pipeline, outcome: 'released', commit, reason }
    : { pipeline, outcome: 'not-released', commit, missing };
}

/** Whether what was asked for is the commit that the second person names, in short or whole. */
const meant = ({ commit }: Release, named: string): boolean =>
  /^[0-9a-f]{7,40}$/.test(named) && commit.startsWith(named);
