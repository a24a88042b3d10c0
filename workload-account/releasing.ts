import { ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import {
  type NamedEnvironment,
  parameterArn,
  parameterName,
  pipelineName,
  releasersPolicyName,
} from '../shared/names.ts';
import type { PipelineDefinition } from './pipeline-definition.ts';

/** Start, by hand: who may hold the environment's pipelines and release what is held. The owner attaches the policy to people's roles. */
export class Releasing extends Construct {
  constructor(scope: Construct, id: string, environment: NamedEnvironment, definitions: readonly PipelineDefinition[]) {
    super(scope, id);
    const { name } = environment;
    new ManagedPolicy(this, 'Releasers', {
      managedPolicyName: releasersPolicyName(name),
      description: `Holds the pipelines of ${name} and releases what is held; a release past a freeze takes two people`,
      statements: [
        new PolicyStatement({
          sid: 'HoldAndRelease',
          actions: ['ssm:PutParameter', 'ssm:DeleteParameter', 'ssm:GetParameter', 'ssm:GetParameterHistory'],
          resources: [...parametersOf(environment, definitions)],
        }),
      ],
    });
  }
}

/** The parameters by which people hold and release pipelines, two for each. */
export const parametersOf = (
  environment: NamedEnvironment,
  definitions: readonly PipelineDefinition[],
): readonly string[] =>
  definitions.flatMap(({ service }) =>
    (['hold', 'release'] as const).map((kind) =>
      parameterArn(environment, parameterName(environment.name, pipelineName(service, environment.name), kind)),
    ),
  );
