import { AwsError } from '../../world/failure.ts';
import { principalName } from '../../world/principal.ts';
import { resource } from '../../world/service.ts';
import { passRole } from '../iam/pass-role.ts';
import { deletePipelineRow, putPipeline } from './put-pipeline.ts';
import { type Declared, pipelineShape } from './shape.ts';
import { pipelineArn, pipelines } from './tables.ts';

/** AWS::CodePipeline::Pipeline of type V2 with one artifact store. Creating one starts an execution, as on AWS. */
export const pipeline = resource({
  simplified: 'Type V2 in one region; triggers of connections are refused.',
  properties: pipelineShape,
  access: ({ Name, RoleArn }, at, change) => {
    const action = { create: 'CreatePipeline', update: 'UpdatePipeline', delete: 'DeletePipeline' }[change];
    return [
      { action: `codepipeline:${action}`, resource: pipelineArn(Name, at) },
      ...(change === 'delete' ? [] : [passRole(RoleArn, 'codepipeline.amazonaws.com')]),
    ];
  },
  put: (properties, at, previous) => {
    const known = at.world.store.in(pipelines).has(pipelineArn(properties.Name, at));
    if (known && previous?.physicalId !== properties.Name) throw nameInUse(properties, at.account);
    checkDisabled(properties);
    const tags = { ...at.tags, ...Object.fromEntries((properties.Tags ?? []).map(({ Key, Value }) => [Key, Value])) };
    const made = putPipeline(properties, { ...at, tags, by: principalName(at.caller) });
    return { physicalId: properties.Name, attributes: { Version: String(made.version) } };
  },
  remove: ({ physicalId }, at) => deletePipelineRow(at.world, pipelineArn(physicalId, at)),
});

function checkDisabled({ Stages, DisableInboundStageTransitions }: Declared): void {
  const none = DisableInboundStageTransitions.find(({ StageName }) => !Stages.some(({ Name }) => Name === StageName));
  if (none !== undefined)
    throw new AwsError(
      'InvalidStructureException',
      `DisableInboundStageTransitions names stage ${none.StageName}, which is none`,
    );
}

/** The refusal of a name that is taken. */
export const nameInUse = ({ Name }: Pick<Declared, 'Name'>, account: string): AwsError =>
  new AwsError(
    'PipelineNameInUseException',
    `A pipeline with the name '${Name}' already exists in account '${account}'`,
  );
