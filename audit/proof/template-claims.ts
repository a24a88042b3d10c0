import { undelivered } from '../checks/undelivered.ts';
import { listIn, objectIn, textIn } from '../cloud/values.ts';
import { followedBy } from '../routes/actors.ts';
import type { Templates } from './templates.ts';
import { lacking, type Verdict } from './verdict.ts';

/** Whether every hop has a dead-letter queue that takes what it cannot deliver. */
export function proveDeadLetters({ cloud, permissions }: Templates): Verdict {
  const [missing] = undelivered({ cloud, permissions, routes: [] });
  if (missing) {
    const { resource, problem, value } = missing;
    return lacking(
      `${resource.arn} (${resource.stack}/${resource.logicalId})`,
      value === undefined ? problem : `${problem}: ${JSON.stringify(value)}`,
    );
  }
  const by = cloud.ofType('AWS::Events::Rule').flatMap((rule) =>
    listIn(rule.properties['Targets']).map((target) => {
      const queue = textIn(objectIn(objectIn(target)['DeadLetterConfig'])['Arn']) ?? '';
      return `rule ${rule.name} (${rule.stack}/${rule.logicalId}) to ${queue}`;
    }),
  );
  return { verdict: 'proven', by: by.length > 0 ? by : ['no rule has a target'] };
}

/** Whether an environment's pipelines follow the branch and the repositories that its stack promises, and each is reached over a whole route. */
export function provePromise(environment: string, templates: Templates): Verdict {
  const promise = templates.promise(environment);
  if (promise === undefined) return lacking(environment, 'is promised by no stack of these templates');
  const { branch, repositories } = promise;
  const pipelines = templates.pipelinesOf(environment);
  const followed = pipelines.flatMap((pipeline) => followedBy(pipeline).map((each) => ({ ...each, pipeline })));
  const stray = followed.find((each) => each.branch !== branch || !repositories.includes(each.repository));
  if (stray)
    return lacking(
      stray.pipeline.arn,
      `follows branch ${stray.branch} of ${stray.repository}, which ${environment} does not promise`,
    );
  const by: string[] = [];
  for (const repository of repositories) {
    const own = followed.filter((each) => each.repository === repository);
    if (own.length === 0) return lacking(environment, `has no pipeline for ${repository}, which it promises`);
    for (const { pipeline } of own) {
      const routes = templates
        .routesTo(pipeline.arn)
        .filter((each) => each.repository === repository && each.branch === branch);
      const whole = routes.find(({ broken }) => broken.length === 0);
      if (whole === undefined)
        return lacking(pipeline.arn, routes[0]?.broken[0] ?? `is reached by no merge to ${branch} of ${repository}`);
      by.push(`${repository} ${branch}: ${whole.hops.map(({ name }) => name).join(' → ')}`);
    }
  }
  return { verdict: 'proven', by };
}
