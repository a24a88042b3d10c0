import type { Place } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { actionTypeFor } from './action-types.ts';
import { checkConfiguration } from './check-configuration.ts';
import { unplayed } from './refusals.ts';
import { rules as ruleProviders } from './rules/index.ts';
import type { Declared, DeclaredAction, DeclaredRule } from './shape.ts';
import type { Action, Condition, OnFailure, Rule, Stage } from './tables.ts';

/** The one artifact store, which must be in the pipeline's own region. Throws StackFailed. */
export function readStore({ Name, ArtifactStore, ArtifactStores = [] }: Declared, region: string) {
  const foreign = ArtifactStores.find((each) => each.Region !== region);
  if (foreign !== undefined)
    throw unplayed(
      `pipeline ${Name}: an artifact store in ${foreign.Region}; actions in other regions are not played by the local cloud`,
    );
  const found = ArtifactStore ?? ArtifactStores[0]?.ArtifactStore;
  if (found === undefined || (ArtifactStore !== undefined && ArtifactStores.length > 0))
    throw unplayed(`pipeline ${Name}: write either ArtifactStore or ArtifactStores`);
  return found;
}

/** Where a pipeline is read: custom actions are those of its account and region. */
interface Reading extends Place {
  readonly world: World;
}

/** A stage with its conditions. Throws InvalidActionDeclarationException, or StackFailed for what is not played. */
export function readStage(
  { Name, Actions, BeforeEntry, OnSuccess, OnFailure }: Declared['Stages'][number],
  at: Reading,
): Stage {
  const { region } = at;
  return {
    name: Name,
    actions: Actions.map((action) => readAction(action, at)),
    ...(BeforeEntry === undefined ? {} : { beforeEntry: readCondition(BeforeEntry.Conditions, region) }),
    ...(OnSuccess === undefined ? {} : { onSuccess: readCondition(OnSuccess.Conditions, region) }),
    ...(OnFailure === undefined ? {} : { onFailure: readFailure(OnFailure, region) }),
  };
}

function readFailure(
  { Result, RetryConfiguration, Conditions }: NonNullable<Declared['Stages'][number]['OnFailure']>,
  region: string,
): OnFailure {
  return {
    retryMode: RetryConfiguration?.RetryMode ?? 'FAILED_ACTIONS',
    ...(Result === undefined ? {} : { result: Result }),
    ...(Conditions === undefined ? {} : { condition: readCondition(Conditions, region) }),
  };
}

function readCondition(
  [declared]: readonly { Result: Condition['result']; Rules: readonly DeclaredRule[] }[],
  region: string,
): Condition {
  return { result: declared?.Result ?? 'FAIL', rules: declared?.Rules.map((rule) => readRule(rule, region)) ?? [] };
}

function readRule(declared: DeclaredRule, region: string): Rule {
  const { Name: name, Commands: commands, RoleArn: roleArn, TimeoutInMinutes: timeoutMinutes } = declared;
  const provider = declared.RuleTypeId.Provider;
  const known = Object.hasOwn(ruleProviders, provider) ? ruleProviders[provider] : undefined;
  const subject = `rule ${name}`;
  if (known === undefined)
    throw unplayed(
      `${subject}: provider ${provider} is not played by the local cloud (${Object.keys(ruleProviders).join(', ')} are)`,
    );
  checkRegion(subject, declared.Region, region);
  checkConfiguration({ kind: 'Rule', name, configuration: declared.Configuration, commands }, known);
  return {
    name,
    provider,
    configuration: declared.Configuration,
    inputs: declared.InputArtifacts.map(({ Name }) => Name),
    ...(commands === undefined ? {} : { commands }),
    ...(roleArn === undefined ? {} : { roleArn }),
    ...(timeoutMinutes === undefined ? {} : { timeoutMinutes }),
  };
}

function readAction(declared: DeclaredAction, at: Reading): Action {
  const { Category: category, Owner: owner, Provider: provider, Version: version } = declared.ActionTypeId;
  const { Name: name, Configuration: configuration, Commands: commands } = declared;
  const known = actionTypeFor(at.world, at, name, { category, owner, provider, version });
  const subject = `action ${name}`;
  checkRegion(subject, declared.Region, at.region);
  checkConfiguration({ kind: 'Action', name, configuration, commands }, known);
  if (configuration['PollForSourceChanges'] === 'true')
    throw unplayed(`${subject}: PollForSourceChanges is true; polling is not played: start the pipeline by event`);
  if ((configuration['OutputArtifactFormat'] ?? 'CODE_ZIP') !== 'CODE_ZIP')
    throw unplayed(`${subject}: OutputArtifactFormat must be CODE_ZIP`);
  if (declared.EnvironmentVariables !== undefined && known.commands !== true)
    throw unplayed(`${subject}: EnvironmentVariables are played for Commands only`);
  return {
    name,
    category,
    owner,
    provider,
    version,
    configuration,
    inputs: declared.InputArtifacts.map(({ Name }) => Name),
    outputs: declared.OutputArtifacts.map(({ Name }) => Name),
    runOrder: declared.RunOrder,
    ...(declared.RoleArn === undefined ? {} : { roleArn: declared.RoleArn }),
    ...(declared.Namespace === undefined ? {} : { namespace: declared.Namespace }),
    ...(declared.TimeoutInMinutes === undefined ? {} : { timeoutMinutes: declared.TimeoutInMinutes }),
    ...readCommands(declared),
  };
}

/** What only the Commands action has. */
function readCommands({ Commands, OutputVariables, EnvironmentVariables, OutputArtifacts }: DeclaredAction) {
  const secretVariables = (EnvironmentVariables ?? []).flatMap(({ Name, Type }) =>
    Type === 'SECRETS_MANAGER' ? Name : [],
  );
  const files = OutputArtifacts.flatMap(({ Files = [] }) => Files);
  return {
    ...(Commands === undefined ? {} : { commands: Commands }),
    ...(OutputVariables === undefined ? {} : { outputVariables: OutputVariables }),
    ...(EnvironmentVariables === undefined
      ? {}
      : { environment: Object.fromEntries(EnvironmentVariables.map(({ Name, Value }) => [Name, Value])) }),
    ...(secretVariables.length === 0 ? {} : { secretVariables }),
    ...(files.length === 0 ? {} : { files }),
  };
}

function checkRegion(subject: string, wanted: string | undefined, region: string): void {
  if (wanted !== undefined && wanted !== region)
    throw unplayed(
      `${subject}: Region ${wanted} is not the pipeline's ${region}; cross-region actions are not played by the local cloud`,
    );
}
