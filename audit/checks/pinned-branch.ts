import type { CloudResource } from '../cloud/cloud.ts';
import { listIn, objectIn, textIn } from '../cloud/values.ts';
import { followedBy } from '../routes/actors.ts';
import type { Check, Verdict } from './check.ts';

/** A pipeline runs what its branch happens to be when it looks, and not the commit that was merged: started by a rule itself, of the old type, or by a build of a branch. */
export const pinnedBranch: Check = ({ cloud }) => [
  ...cloud
    .ofType('AWS::Events::Rule')
    .flatMap((rule) =>
      listIn(rule.properties['Targets']).flatMap((target) => judgeTarget(rule, objectIn(target)['Arn'], target)),
    ),
  ...cloud.ofType('AWS::CodePipeline::Pipeline').flatMap(judgePipeline),
  ...cloud.ofType('AWS::CodeBuild::Project').flatMap(judgeProject),
];

/** An execution that names its commit says so in `sourceRevisions`. Source: "StartPipelineExecution" in the CodePipeline reference. */
function judgeTarget(rule: CloudResource, arn: unknown, target: unknown): readonly Verdict[] {
  if (textIn(arn)?.split(':')[2] !== 'codepipeline') return [];
  const { Input, InputTransformer } = objectIn(target);
  const input = textIn(objectIn(InputTransformer)['InputTemplate']) ?? textIn(Input) ?? '';
  if (/sourceRevisions/.test(input) && /COMMIT_ID/.test(input)) return [];
  return [
    {
      resource: rule,
      problem: 'the rule starts a pipeline at the head of its branch, whatever that is by then',
      value: arn,
      mend: "start it with the event's commit in sourceRevisions",
    },
  ];
}

function judgePipeline(resource: CloudResource): readonly Verdict[] {
  const { PipelineType } = resource.properties;
  if (PipelineType === 'V2' || followedBy(resource).length === 0) return [];
  return [
    {
      resource,
      problem: 'a pipeline of type V1 cannot be started at a commit',
      value: PipelineType,
      mend: 'set PipelineType to V2',
    },
  ];
}

function judgeProject(resource: CloudResource): readonly Verdict[] {
  const version = textIn(resource.properties['SourceVersion']);
  const { Type } = objectIn(resource.properties['Source']);
  if (version === undefined || Type === 'CODEPIPELINE' || /^[0-9a-f]{40}$/.test(version)) return [];
  return [
    {
      resource,
      problem: 'the project builds a branch',
      value: version,
      mend: 'build what a pipeline hands over, or a commit',
    },
  ];
}
