import type { cx_api } from 'aws-cdk-lib';
import { Fault } from '../fault.ts';

/** A resource of a synthesized template. */
interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

/** What AWS would refuse only at deployment, in characters of JSON. */
const quotas: Readonly<Record<string, { readonly property: string; readonly most: number; readonly what: string }>> = {
  'AWS::Events::Rule': { property: 'EventPattern', most: 2048, what: 'an event pattern' },
  'AWS::Lambda::Function': { property: 'Environment', most: 4096, what: "a function's environment" },
  'AWS::IAM::Policy': { property: 'PolicyDocument', most: 10_240, what: "a role's policies" },
};

/** Throws QuotaExceeded when a template holds what AWS takes only smaller: found here, and not half way through a deployment. */
export function refuseBeyondQuotas(assembly: cx_api.CloudAssembly): void {
  const beyond = assembly.stacks.flatMap(({ stackName, template }) =>
    Object.entries((template as { Resources?: Record<string, Resource> }).Resources ?? {}).flatMap(([id, resource]) => {
      const quota = quotas[resource.Type];
      const characters = JSON.stringify(quota && resource.Properties?.[quota.property])?.length ?? 0;
      return quota === undefined || characters <= quota.most
        ? []
        : [`${stackName}/${id}: ${quota.what} of ${characters} characters, and AWS takes ${quota.most}`];
    }),
  );
  if (beyond.length > 0) throw new Fault('QuotaExceeded', beyond.slice(0, 20).join('; '));
}
