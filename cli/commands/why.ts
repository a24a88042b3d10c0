import { chosenPipelines, type PipelineOptions } from '../chosen-pipeline.ts';
import { exitCodes } from '../exit-codes.ts';
import { bold, green, red, terminalText } from '../render/terminal.ts';
import { factsOf } from '../why/facts.ts';
import { why } from '../why/sentences.ts';

/** As given on the command line. */
export interface WhyOptions extends PipelineOptions {
  readonly json?: boolean;
}

/**
 * Prints why the newest head is or is not running in an environment, for each of its pipelines; answers the exit code, `no` when it is not in one of
 * them. Throws EnvironmentMissing, PipelineUnknown, ProfileUnknown.
 */
export async function whyVerb(named: string | undefined, options: WhyOptions): Promise<number> {
  const { environment, client, pipelines } = await chosenPipelines(named, options);
  const found = await Promise.all(
    pipelines.map(async (pipeline) => {
      const facts = await factsOf(client, { environment, pipeline, aws: options.aws ?? false });
      return {
        environment,
        pipeline,
        repository: facts.repository,
        branch: facts.branch,
        head: facts.head,
        ...why(facts),
      };
    }),
  );
  if (options.json === true) console.log(JSON.stringify(found, undefined, 2));
  else
    for (const { pipeline, runs, sentences } of found) {
      console.log(
        `${bold(terminalText(environment).padEnd(10))} ${terminalText(pipeline)}  ${runs ? green('runs') : red('does not run')}`,
      );
      for (const sentence of sentences) console.log(`           ${terminalText(sentence, 1000)}`);
    }
  return found.every(({ runs }) => runs) ? exitCodes.done : exitCodes.no;
}
