import { ActionFailure } from './actions/action.ts';
import type { Execution } from './tables.ts';

type Texts = Readonly<Record<string, string>>;

/** All settings of an action together, once variables are put in. Source: facts 3.7. */
const largestConfigurationBytes = 100 * 1024;

/**
 * Replaces `#{namespace.Key}` by what earlier actions, the pipeline's variables and the execution hold (facts 3.9). Throws ConfigurationError; its text is what
 * CodePipeline answers, told in aws-samples/ecs-blue-green-deployment-with-codedeploy issue 4, and which variable it was.
 */
export function resolveVariables(configuration: Texts, execution: Execution, subject: string): Record<string, string> {
  const resolved = Object.fromEntries(
    Object.entries(configuration).map(([key, text]) => [
      key,
      text.replace(/#\{([\w@-]+)\.([\w@-]+)\}/g, (reference, namespace: string, name: string) => {
        const value = valueOf(execution, namespace, name);
        if (value !== undefined) return value;
        throw new ActionFailure(
          'ConfigurationError',
          `An action in this pipeline failed because one or more variables could not be resolved: ${subject}. ${reference} in ${key} has no value`,
        );
      }),
    ]),
  );
  if (Buffer.byteLength(Object.values(resolved).join('')) > largestConfigurationBytes)
    throw new ActionFailure(
      'ConfigurationError',
      `The configuration of ${subject} has more than ${largestConfigurationBytes} bytes once variables are resolved`,
    );
  return resolved;
}

function valueOf(execution: Execution, namespace: string, name: string): string | undefined {
  const known: Texts | undefined = {
    ...execution.namespaces,
    variables: execution.variables,
    codepipeline: { PipelineExecutionId: execution.id },
  }[namespace];
  return known !== undefined && Object.hasOwn(known, name) ? known[name] : undefined;
}
