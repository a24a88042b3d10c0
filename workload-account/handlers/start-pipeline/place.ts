import type { Call, Questions } from '../../../events/start-steps.ts';
import type { Clients } from './clients.ts';
import type { PipelineSettings, Settings } from './settings.ts';

/** Where a step is performed: one pipeline of one environment. */
export interface Place {
  readonly clients: Clients;
  readonly settings: Settings;
  readonly own: PipelineSettings;
}

/** How each question of the start decision is put to AWS. */
export type Performs = {
  readonly [Name in Call]: (ask: Questions[Name]['ask']) => Promise<Questions[Name]['answer']>;
};
