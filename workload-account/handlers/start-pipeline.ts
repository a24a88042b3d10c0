import { realClients } from './start-pipeline/clients.ts';
import { createHandler } from './start-pipeline/handler.ts';
import { readSettings } from './start-pipeline/settings.ts';

export { createHandler };

const settings = readSettings(process.env);

/** The function that the stack names. */
export const handler = createHandler(realClients(settings), settings);
