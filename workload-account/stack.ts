import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { AlarmTopic } from '../shared/constructs/alarm-topic.ts';
import { Alarms } from '../shared/constructs/alarms.ts';
import { environmentPrefix, stackTags } from '../shared/names.ts';
import type { Environment, Organisation } from '../shared/organisation-schema.ts';
import { Artifacts, type Target } from './artifacts.ts';
import { Boundary } from './boundary.ts';
import { keepContract } from './contract.ts';
import { Intake } from './intake.ts';
import { Notices } from './notices.ts';
import { EnvironmentPipeline } from './pipeline.ts';
import type { PipelineDefinition } from './pipeline-definition.ts';
import { Releasing } from './releasing.ts';
import { Reporting } from './reporting.ts';
import { Starting } from './starting.ts';
import { Sweep } from './sweep.ts';

/** What one environment's account owns, in the order an event travels. It needs no other stack to exist. */
export class WorkloadStack extends Stack {
  constructor(
    scope: Construct,
    organisation: Organisation,
    environment: Environment,
    definitions: readonly PipelineDefinition[],
  ) {
    const { name, account, region, branch } = environment;
    const prefix = environmentPrefix(name);
    super(scope, prefix, {
      env: { account, region },
      description: `mergecast: merges to ${branch} start the own pipelines of environment ${name} here`,
      tags: tagsOf(organisation, environment),
    });
    const email = organisation.alarmEmail;
    const alarmTopic = new AlarmTopic(this, 'AlarmTopic', { home: environment, prefix, email });
    const alarms = new Alarms(this, 'Alarms', prefix, alarmTopic.topic);

    const intake = new Intake(this, 'Intake', organisation, environment);
    const { starter } = new Starting(this, 'Starting', organisation, environment, definitions, alarms);
    intake.handTo(starter, alarms);
    new Releasing(this, 'Releasing', environment, definitions);
    new Sweep(this, 'Sweep', environment, starter.fn, alarms);
    const artifacts = new Artifacts(this, 'Artifacts', organisation, environment);
    artifacts.admit(targetsOf(definitions));
    const boundary = new Boundary(this, 'Boundary', environment);
    const pipelines = definitions.map((definition) => {
      const props = { organisation, environment, definition, artifacts };
      const pipeline = new EnvironmentPipeline(this, `Pipeline-${definition.service}`, props);
      pipeline.node.addDependency(boundary);
      return pipeline.pipelineName;
    });
    new Notices(this, 'Notices', { environment, definitions, alarms, alarmTopic });
    new Reporting(this, 'Reporting', { organisation, environment, pipelines, alarms, alarmTopic });
    keepContract(this, { organisation, environment, definitions });
  }
}

/** The other accounts that pipelines deploy to, each once for a repository. */
function targetsOf(definitions: readonly PipelineDefinition[]): readonly Target[] {
  const all = definitions.flatMap(({ service, steps }) =>
    steps
      .flatMap((step) => [step, ...(step.inner ?? [])])
      .flatMap(({ deploysTo }) => (deploysTo === undefined ? [] : [{ target: deploysTo, service }])),
  );
  return [...new Map(all.map((each) => [`${each.target.account} ${each.target.name} ${each.service}`, each])).values()];
}

const tagsOf = ({ organisationId }: Organisation, { name, branch, repositories }: Environment) => ({
  [stackTags.profile]: name,
  [stackTags.branch]: branch,
  [stackTags.repositories]: repositories.join(' '),
  ...(organisationId === undefined ? {} : { [stackTags.organisation]: organisationId }),
});
