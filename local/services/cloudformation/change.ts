import { Fault } from '../../../shared/fault.ts';
import { AwsError } from '../../world/failure.ts';
import { principalName } from '../../world/principal.ts';
import type { Access, Existing, Placed, ResourceCall, ResourceModel } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import type { StackResource } from './tables.ts';

/** The model of a resource type. Throws StackFailed by the type's name when it is not played. */
export function modelOf(world: World, type: string): ResourceModel {
  const model = Object.hasOwn(world.resources, type) ? world.resources[type] : undefined;
  if (model === undefined)
    throw new Fault(
      'StackFailed',
      `${type} is not played by the local cloud`,
      'see the table in local/README.md for what is; deploy this part on AWS',
    );
  return model;
}

/** Reads a resource's resolved properties by its model. Throws StackFailed naming the property and its value. */
export function propertiesOf(model: ResourceModel, type: string, resolved: unknown): unknown {
  const parsed = model.properties.safeParse(resolved);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  if (issue?.code === 'unrecognized_keys') {
    const names = [...issue.path, issue.keys.join(', ')].join('.');
    throw new Fault(
      'StackFailed',
      `property ${names} of ${type} is not played by the local cloud`,
      'leave it out locally, or deploy this part on AWS',
    );
  }
  throw new Fault(
    'StackFailed',
    `property ${issue?.path.join('.') ?? ''} of ${type}: ${issue?.message ?? 'does not fit'}`,
    'compare it with the template reference of the CloudFormation guide',
  );
}

/** Makes or changes a resource, once the deploying principal may. */
export async function putResource(
  model: ResourceModel,
  properties: unknown,
  at: ResourceCall,
  previous?: StackResource,
): Promise<Placed> {
  authorize(model.access?.(properties as never, at, previous === undefined ? 'create' : 'update') ?? [], at);
  return model.put(properties as never, at, previous && existing(previous));
}

/** Deletes a resource, once the deploying principal may. Throws when its type cannot be deleted. */
export async function removeResource(world: World, resource: StackResource, at: ResourceCall): Promise<void> {
  const model = modelOf(world, resource.type);
  if (model.remove === undefined)
    throw new AwsError('ValidationError', `${resource.type} cannot be deleted by the local cloud`);
  authorize(model.access?.(resource.properties as never, at, 'delete') ?? [], at);
  await model.remove(existing(resource), at);
}

const existing = ({ physicalId, attributes, properties }: StackResource): Existing<never> => ({
  physicalId,
  attributes,
  properties: properties as never,
});

function authorize(accesses: readonly Access[], at: ResourceCall): void {
  for (const access of accesses) {
    const decision = at.world.judge(at.world, at.caller, access, at);
    if (decision.allowed) continue;
    const caller = principalName(at.caller);
    const text = `User: ${caller} is not authorized to perform: ${access.action} on resource: ${access.resource} because ${decision.explanation}`;
    at.world.journal.write({
      kind: 'call',
      cause: at.cause,
      account: at.account,
      region: at.region,
      subject: access.resource,
      text,
      allowed: false,
    });
    throw new AwsError('AccessDenied', text, 403);
  }
}
