import { StateMachineInput, StepFunctionInvokeAction } from 'aws-cdk-lib/aws-codepipeline-actions';
import { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { acknowledge, openEnds } from '../../shared/constructs/acknowledge.ts';
import { actionRole } from './action-role.ts';
import type { Step } from './step.ts';

/** How a state machine is run. */
export interface RunStateMachineOptions {
  /** The stage's name. @default 'Run' */
  readonly stage?: string;
  /** The input of the execution, as JSON; it may hold `#{…}`. @default - nothing */
  readonly input?: Readonly<Record<string, unknown>>;
}

/** Run: runs a state machine of the environment's account and waits for its end; an execution that fails, fails the stage. The local cloud refuses it by name. */
export function runStateMachine(name: string, { stage = 'Run', input }: RunStateMachineOptions = {}): Step {
  return {
    stage,
    mistakes: /^[A-Za-z0-9_-]{1,80}$/.test(name)
      ? []
      : [`runStateMachine(): '${name}' is no name of a state machine: give it without its ARN`],
    make: (context) => {
      const { account, region } = context.environment;
      const stateMachineArn = `arn:aws:states:${region}:${account}:stateMachine:${name}`;
      const role = actionRole(context, `runs ${name}`);
      const executions = `arn:aws:states:${region}:${account}:execution:${name}:*`;
      acknowledge(role, 'executions have names by chance after their state machine', openEnds([], [executions]));
      const action = new StepFunctionInvokeAction({
        actionName: stage,
        stateMachine: StateMachine.fromStateMachineArn(context.scope, 'StateMachine', stateMachineArn),
        role,
        variablesNamespace: stage,
        ...(input === undefined ? {} : { stateMachineInput: StateMachineInput.literal(input) }),
      });
      return { actions: [action] };
    },
  };
}
