import {
  CodePipelineClient,
  ListActionExecutionsCommand,
  PutApprovalResultCommand,
} from '@aws-sdk/client-codepipeline';
import type { Profile } from '../local/play.ts';
import { waitingIn } from './waiting.ts';

/** A client for CodePipeline in a profile's account, at the cloud's endpoint. */
export const pipelineClient = (
  endpoint: string,
  { region, accessKeyId, secretAccessKey }: Profile,
): CodePipelineClient => new CodePipelineClient({ endpoint, region, credentials: { accessKeyId, secretAccessKey } });

/** Approves what waits for approval in a pipeline, as the profile's administrator; answers the names of the approved actions. */
export async function approveWaiting(client: CodePipelineClient, pipeline: string): Promise<readonly string[]> {
  const waiting = await waitingIn(client, pipeline);
  for (const { stage, action, token } of waiting) {
    const result = { status: 'Approved' as const, summary: 'approved by npm start -- --once' };
    await client.send(
      new PutApprovalResultCommand({ pipelineName: pipeline, stageName: stage, actionName: action, result, token }),
    );
  }
  return waiting.map(({ stage, action }) => `${stage}/${action}`);
}

/** Why an execution failed, in the words of the action that did. */
export async function failureReason(
  client: CodePipelineClient,
  pipeline: string,
  executionId: string,
): Promise<string> {
  const { actionExecutionDetails = [] } = await client.send(
    new ListActionExecutionsCommand({ pipelineName: pipeline, filter: { pipelineExecutionId: executionId } }),
  );
  const failed = actionExecutionDetails.find(({ status }) => status === 'Failed');
  const result = failed?.output?.executionResult;
  const why = result?.errorDetails?.message ?? result?.externalExecutionSummary ?? 'no reason was given';
  return failed === undefined ? 'no action failed' : `${failed.stageName}/${failed.actionName}: ${why}`;
}
