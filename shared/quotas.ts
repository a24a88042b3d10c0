import type { cx_api } from 'aws-cdk-lib';
import { Fault } from './fault.ts';

/** A resource of a synthesized template. */
interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

/** Something that AWS takes only up to a size. */
interface Quota {
  readonly what: string;
  readonly most: number;
  readonly unit: string;
  readonly mend: string;
  /** The size of a resource with these properties, in the unit. */
  readonly sizeOf: (properties: Readonly<Record<string, unknown>>) => number;
}

const bytesOf = (value: unknown): number =>
  Buffer.byteLength(typeof value === 'string' ? value : JSON.stringify(value));

/** What AWS would refuse only at deployment, by type. Sources: facts 2.4; the quota pages of Lambda and IAM. */
const quotas: Readonly<Record<string, Quota>> = {
  'AWS::Events::Rule': {
    what: 'an event pattern',
    most: 2048,
    unit: 'characters',
    mend: 'use fewer or shorter names of repositories and branches',
    sizeOf: ({ EventPattern }) => (EventPattern === undefined ? 0 : JSON.stringify(EventPattern).length),
  },
  'AWS::Lambda::Function': {
    what: "a function's environment",
    most: 4096,
    unit: 'bytes',
    mend: 'follow fewer repositories, or give them fewer paths and freezes; AWS does not raise it',
    sizeOf: ({ Environment }) =>
      Object.entries((Environment as { Variables?: Record<string, unknown> } | undefined)?.Variables ?? {}).reduce(
        (sum, [name, value]) => sum + bytesOf(name) + bytesOf(value),
        0,
      ),
  },
  'AWS::IAM::ManagedPolicy': {
    what: 'a managed policy',
    most: 6144,
    unit: 'characters',
    mend: 'give it fewer statements; AWS does not raise it',
    sizeOf: ({ PolicyDocument }) => JSON.stringify(PolicyDocument).length,
  },
};

const resourcesPerStack = 500;

/** What the policies inside one role may measure together, without white space. Source: the quota page of IAM. */
const policiesPerRole = 10_240;

/** Context for an App: CDK's own limit of resources is off, since the one below says what to do. */
export const withoutResourceLimit = { '@aws-cdk/core:stackResourceLimit': 0 };

/** Throws QuotaExceeded when a template holds what AWS takes only smaller: found here, and not half way through a deployment. */
export function refuseBeyondQuotas(assembly: cx_api.CloudAssembly): void {
  const beyond = assembly.stacks.flatMap(({ stackName, template }) => {
    const resources = Object.entries((template as { Resources?: Record<string, Resource> }).Resources ?? {});
    return [
      ...tooMany(stackName, resources.length),
      ...resources.flatMap((each) => tooLarge(stackName, each)),
      ...tooMuchPolicy(stackName, resources),
    ];
  });
  if (beyond.length > 0) throw new Fault('QuotaExceeded', beyond.slice(0, 20).join('; '));
}

const tooMany = (stack: string, count: number): readonly string[] =>
  count <= resourcesPerStack
    ? []
    : [
        `${stack}: ${count} resources, and AWS takes ${resourcesPerStack} in a stack: let this environment follow fewer repositories, and a second one of the same account the others`,
      ];

/** AWS adds up the policies that stand inside a role, whichever resource brings them. */
function tooMuchPolicy(stack: string, resources: readonly (readonly [string, Resource])[]): readonly string[] {
  const sizes = new Map<string, number>();
  const add = (role: string, document: unknown) =>
    sizes.set(role, (sizes.get(role) ?? 0) + JSON.stringify(document).length);
  for (const [id, { Type, Properties = {} }] of resources) {
    if (Type === 'AWS::IAM::Role')
      for (const { PolicyDocument } of (Properties['Policies'] ?? []) as readonly Policy[]) add(id, PolicyDocument);
    if (Type === 'AWS::IAM::Policy')
      for (const role of (Properties['Roles'] ?? []) as readonly (string | { readonly Ref?: string })[])
        add(typeof role === 'string' ? role : (role.Ref ?? id), Properties['PolicyDocument']);
  }
  return [...sizes]
    .filter(([, size]) => size > policiesPerRole)
    .map(
      ([role, size]) =>
        `${stack}/${role}: a role's policies of ${size} characters together, and AWS takes ${policiesPerRole}: follow fewer repositories, or give steps fewer own permissions; AWS does not raise it`,
    );
}

interface Policy {
  readonly PolicyDocument: unknown;
}

function tooLarge(stack: string, [id, { Type, Properties = {} }]: [string, Resource]): readonly string[] {
  const quota = quotas[Type];
  const size = quota?.sizeOf(Properties) ?? 0;
  return quota === undefined || size <= quota.most
    ? []
    : [`${stack}/${id}: ${quota.what} of ${size} ${quota.unit}, and AWS takes ${quota.most}: ${quota.mend}`];
}
