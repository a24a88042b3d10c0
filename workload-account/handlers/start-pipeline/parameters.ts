import { versionOf } from '../../../events/written-version.ts';
import { parameterName } from '../../../shared/names.ts';
import type { Performs, Place } from './place.ts';

/** What people wrote to hold the pipeline. */
export async function readHold({ clients, settings, own }: Place): ReturnType<Performs['read-hold']> {
  const history = await clients.parameters.history(parameterName(settings.environment, own.pipeline, 'hold'));
  return { versions: history.map(versionOf) };
}

/** What people wrote to release one commit of it. */
export async function readRelease({ clients, settings, own }: Place): ReturnType<Performs['read-release']> {
  const history = await clients.parameters.history(parameterName(settings.environment, own.pipeline, 'release'));
  return { versions: history.map(versionOf) };
}
