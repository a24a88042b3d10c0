/** An action of a pipeline, as its template has it. */
export interface Action {
  readonly Name: string;
  readonly Namespace?: string;
  readonly ActionTypeId: { readonly Category: string; readonly Provider: string };
  readonly Configuration?: Readonly<Record<string, unknown>>;
  readonly EnvironmentVariables?: readonly unknown[];
  readonly OutputVariables?: readonly string[];
  readonly RoleArn?: unknown;
  readonly RunOrder?: number;
}

/** A stage of a pipeline, as its template has it. */
export interface Stage {
  readonly Name: string;
  readonly Actions: readonly Action[];
  readonly BeforeEntry?: unknown;
  readonly OnSuccess?: unknown;
  readonly OnFailure?: unknown;
}

/** The variables of each namespace that is filled by then; null where nobody can tell before the action has run. */
type Filled = ReadonlyMap<string, ReadonlySet<string> | null>;

/** What is always known. Source: the CodePipeline guide, "Variables reference". */
const sourceVariables: ReadonlySet<string> = new Set([
  ...['AuthorDate', 'BranchName', 'CommitId', 'CommitMessage', 'CommitterDate', 'RepositoryName'],
]);

/**
 * References such as `#{Build.VERSION}` that mean nothing: no form of one, a namespace that no action has, one whose action has not ended by then (so two
 * that need each other are told, too), or a variable that its action does not give. Each with its mend.
 */
export function referenceMistakes(stages: readonly Stage[], variables: readonly string[]): readonly string[] {
  const all = new Set(stages.flatMap(({ Actions }) => Actions.flatMap(({ Namespace }) => Namespace ?? [])));
  const filled = new Map<string, ReadonlySet<string> | null>([
    ['codepipeline', new Set(['PipelineExecutionId'])],
    ['variables', new Set(variables)],
  ]);
  return stages.flatMap(({ Name: stage, Actions, BeforeEntry, OnSuccess, OnFailure }) => {
    const mistakes: string[] = [];
    const look = (subject: string, values: unknown): void => {
      for (const reference of referencesIn(values)) {
        const wrong = wrongWith(reference, all, filled);
        if (wrong !== undefined) mistakes.push(`stage '${stage}': ${subject} has #{${reference}}, ${wrong}`);
      }
    };
    look('the condition before it', BeforeEntry);
    for (const order of [...new Set(Actions.map(({ RunOrder = 1 }) => RunOrder))].sort((one, other) => one - other)) {
      const together = Actions.filter(({ RunOrder = 1 }) => RunOrder === order);
      for (const { Name, Configuration, EnvironmentVariables } of together)
        look(`'${Name}'`, [Configuration, EnvironmentVariables]);
      for (const action of together) if (action.Namespace !== undefined) filled.set(action.Namespace, givenBy(action));
    }
    look('the condition after it', [OnSuccess, OnFailure]);
    return mistakes;
  });
}

/** References to the stages' variables in a place where nobody fills them, such as a CodeBuild project. */
export function unfilledReferences(stages: readonly Stage[], values: unknown): readonly string[] {
  const known = stages.flatMap(({ Actions }) => Actions.flatMap(({ Namespace }) => Namespace ?? []));
  return referencesIn(values).filter((reference) => known.includes(reference.split('.')[0] ?? ''));
}

function givenBy({ ActionTypeId: { Category, Provider }, OutputVariables }: Action): ReadonlySet<string> | null {
  if (Category === 'Source' && Provider === 'CodeCommit') return sourceVariables;
  return Provider === 'Commands' ? new Set(OutputVariables ?? []) : null;
}

const referencesIn = (values: unknown): readonly string[] => [
  ...new Set([...JSON.stringify(values ?? null).matchAll(/#\{([^{}]*)\}/g)].map(([, reference = '']) => reference)),
];

function wrongWith(reference: string, all: ReadonlySet<string>, filled: Filled): string | undefined {
  const [, namespace = '', name = ''] = /^([\w@-]+)\.([\w@-]+)$/.exec(reference) ?? [];
  if (namespace === '') return 'which is no variable: write it as #{Build.VERSION}';
  const known = filled.get(namespace);
  if (known === undefined)
    return all.has(namespace)
      ? `and '${namespace}' has not ended by then: put it into an earlier stage`
      : `and no action has the namespace '${namespace}': known here are ${[...filled.keys()].join(', ')}`;
  if (known === null || known.has(name)) return undefined;
  return `and '${namespace}' gives no ${name}: ${known.size === 0 ? 'it gives no variables' : `it gives ${[...known].join(', ')}`}`;
}
