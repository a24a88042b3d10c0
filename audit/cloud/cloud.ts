import type { Assembly } from '../../assembly/types.ts';
import { readStackResources } from './stack-resources.ts';
import type { Properties } from './values.ts';

/** A resource of a template with its intrinsic functions resolved. What AWS would make up (a name, an id) is made of stack and logical id. */
export interface CloudResource {
  readonly stack: string;
  readonly logicalId: string;
  readonly type: string;
  /** 12 digits. */
  readonly account: string;
  readonly region: string;
  /** The physical name. */
  readonly name: string;
  readonly arn: string;
  /** Resolved when first asked for; throws TemplateInvalid. */
  readonly properties: Properties;
}

/** All resources of an assembly, over all its accounts, as they would be deployed. */
export interface Cloud {
  readonly resources: readonly CloudResource[];
  ofType(type: string): readonly CloudResource[];
  at(arn: string): CloudResource | undefined;
  /** By physical name within an account. */
  named(type: string, account: string, name: string): CloudResource | undefined;
}

/** Resolves the templates of an assembly without AWS; throws TemplateInvalid and ParametersInvalid for what CloudFormation would refuse. */
export function readCloud({ stacks }: Assembly): Cloud {
  return cloudOf(stacks.flatMap((stack) => readStackResources(stack)));
}

/** A cloud of resources, with its indexes. */
export function cloudOf(resources: readonly CloudResource[]): Cloud {
  const types = new Map<string, CloudResource[]>();
  const arns = new Map<string, CloudResource>();
  const names = new Map<string, ReadonlyMap<string, CloudResource>>();
  for (const resource of resources) {
    const known = types.get(resource.type);
    if (known) known.push(resource);
    else types.set(resource.type, [resource]);
    if (!arns.has(resource.arn)) arns.set(resource.arn, resource);
  }
  return {
    resources,
    ofType: (type) => types.get(type) ?? [],
    at: (arn) => arns.get(arn),
    named: (type, account, name) => {
      const known = names.get(type) ?? new Map(types.get(type)?.map((each) => [`${each.account} ${each.name}`, each]));
      names.set(type, known);
      return known.get(`${account} ${name}`);
    },
  };
}
