import type { App } from 'aws-cdk-lib';
import type { Organisation } from '../../shared/organisation-schema.ts';
import { TargetStack } from '../../workload-account/target-stack.ts';
import { production, staging } from './targets.ts';

/** What staging and production give to the pipelines of `release`. Each account's owner deploys the one of theirs. */
export default function stacks(app: App, { environments, organisationId }: Organisation): void {
  const narrowed = organisationId === undefined ? {} : { organisationId };
  for (const from of environments)
    for (const target of [staging, production])
      new TargetStack(app, { from, target, services: from.repositories, ...narrowed });
}
