import { ActionFailure } from './actions/action.ts';
import type { Execution } from './tables.ts';

/** Replaces `#{namespace.Key}` in a configuration by what earlier actions, the pipeline's variables and the execution hold (facts 3.9). */
export function resolveVariables(
  configuration: Readonly<Record<string, string>>,
  execution: Execution,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(configuration).map(([key, text]) => [
      key,
      text.replace(/#\{([\w@-]+)\.([\w@-]+)\}/g, (_whole, namespace: string, name: string) =>
        valueOf(execution, namespace, name),
      ),
    ]),
  );
}

function valueOf(execution: Execution, namespace: string, name: string): string {
  const known: Readonly<Record<string, string>> | undefined = (
    {
      ...execution.namespaces,
      variables: execution.variables,
      codepipeline: { PipelineExecutionId: execution.id },
    } as Readonly<Record<string, Readonly<Record<string, string>>>>
  )[namespace];
  const value = known?.[name];
  if (value === undefined)
    throw new ActionFailure(
      'ConfigurationError',
      `Valid format for a pipeline execution variable reference is a namespace and a key: #{${namespace}.${name}} has no value`,
    );
  return value;
}
