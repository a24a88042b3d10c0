import { LambdaInvokeAction } from 'aws-cdk-lib/aws-codepipeline-actions';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { acknowledge, openEnds } from '../../shared/constructs/acknowledge.ts';
import { actionRole } from './action-role.ts';
import type { Step } from './step.ts';

/** How a function is invoked. */
export interface InvokeOptions {
  /** The stage's name. @default 'Invoke' */
  readonly stage?: string;
  /** What the function gets as UserParameters, as JSON; 1,000 characters at most. @default - nothing */
  readonly parameters?: Readonly<Record<string, unknown>>;
}

/**
 * Invoke: calls a Lambda function of the environment's account, and waits until it answers with PutJobSuccessResult or
 * PutJobFailureResult. What it answers as output variables is `#{<stage>.NAME}`.
 */
export function invoke(functionName: string, { stage = 'Invoke', parameters }: InvokeOptions = {}): Step {
  return {
    stage,
    make: (context) => {
      const { account, region } = context.environment;
      const functionArn = `arn:aws:lambda:${region}:${account}:function:${functionName}`;
      const role = actionRole(context, `invokes ${functionName}`);
      acknowledge(
        role,
        'any version of the one function, and the list of functions, which CodePipeline asks for and IAM cannot narrow',
        openEnds([], ['*', `${functionArn}:*`]),
      );
      const lambda = LambdaFunction.fromFunctionAttributes(context.scope, 'Function', {
        functionArn,
        sameEnvironment: true,
      });
      const action = new LambdaInvokeAction({
        actionName: stage,
        lambda,
        role,
        variablesNamespace: stage,
        ...(parameters === undefined ? {} : { userParameters: parameters }),
      });
      return { actions: [action] };
    },
  };
}
