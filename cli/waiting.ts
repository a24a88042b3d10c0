import {
  type CodePipelineClient,
  GetPipelineStateCommand,
  paginateListPipelines,
  type StageState,
} from '@aws-sdk/client-codepipeline';

/** An approval that waits for somebody. */
export interface WaitingApproval {
  readonly pipeline: string;
  readonly stage: string;
  readonly action: string;
  /** What PutApprovalResult has to give back. */
  readonly token: string;
}

/** The pipelines of an environment's account that are the environment's own, by name. */
export const pipelinesOf = async (client: CodePipelineClient, environment: string): Promise<readonly string[]> =>
  (await pipelinesOfAccount(client)).filter((name) => name.endsWith(`-${environment}`));

/** All pipelines of a client's account, by name. */
export async function pipelinesOfAccount(client: CodePipelineClient): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const { pipelines = [] } of paginateListPipelines({ client }, {}))
    names.push(...pipelines.flatMap(({ name }) => name ?? []));
  return names.sort();
}

/** The stages of a pipeline as they are now. */
export async function stagesOf(client: CodePipelineClient, pipeline: string): Promise<readonly StageState[]> {
  return (await client.send(new GetPipelineStateCommand({ name: pipeline }))).stageStates ?? [];
}

/** The actions of a stage that wait for somebody, each with the token that PutApprovalResult has to give back. */
export const waitingActions = ({
  actionStates = [],
}: StageState): readonly { readonly action: string; readonly token: string }[] =>
  actionStates.flatMap(({ actionName: action = '', latestExecution }) =>
    latestExecution?.status === 'InProgress' && latestExecution.token !== undefined
      ? [{ action, token: latestExecution.token }]
      : [],
  );

/** The approvals that wait in a pipeline. */
export async function waitingIn(client: CodePipelineClient, pipeline: string): Promise<readonly WaitingApproval[]> {
  return (await stagesOf(client, pipeline)).flatMap((state) =>
    waitingActions(state).map((waiting) => ({ pipeline, stage: state.stageName ?? '', ...waiting })),
  );
}
