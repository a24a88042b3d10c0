import { readAssembly } from '../../assembly/read-assembly.ts';
import { Templates } from '../../audit/proof/templates.ts';
import { whoCanStart } from '../../audit/proof/who-can-start.ts';
import { Fault } from '../../shared/fault.ts';
import { startersText } from '../render/starters.ts';

/** As given on the command line. */
export interface WhoCanStartOptions {
  /** The directory of a cloud assembly. */
  readonly assembly: string;
  readonly json?: boolean;
}

/** Prints who can start the pipelines of a name; answers the exit code. Throws PipelineUnknown when no template has one. */
export function whoCanStartVerb(name: string, { assembly, json }: WhoCanStartOptions): number {
  const templates = new Templates(readAssembly(assembly));
  const all = templates.cloud.ofType('AWS::CodePipeline::Pipeline');
  const found = all.filter((each) => each.name === name || each.arn === name);
  if (found.length === 0) {
    const names = all.map((each) => each.name);
    const some =
      names.length > 10 ? `${names.slice(0, 10).join(', ')} and ${names.length - 10} more` : names.join(', ');
    throw new Fault('PipelineUnknown', `no template of ${assembly} has a pipeline ${name}`, `it has ${some}`);
  }
  const starters = found.map((pipeline) => whoCanStart(pipeline, templates));
  console.log(json === true ? JSON.stringify(starters, undefined, 2) : starters.map(startersText).join('\n\n'));
  return 0;
}
