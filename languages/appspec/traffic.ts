import { fields, listOf, mapOf, oneOf, type Shape, text, wholeNumber } from '../yaml/shapes.ts';
import type { EcsAppspec, LambdaAppspec } from './types.ts';
import { version } from './version.ts';

/** One resource behind its id: the guide writes them as a list of one mapping with one key. */
function onlyResource<T>(resource: Shape<T>): Shape<{ readonly id: string; readonly value: T }> {
  return (spot) => {
    const found = listOf(mapOf(resource))(spot).flatMap((item) => Object.entries(item));
    const [only, ...others] = found;
    if (only === undefined || others.length > 0)
      throw spot.refusal(`must hold exactly one resource, not ${found.length}`);
    return { id: only[0], value: only[1] };
  };
}

/** Each hook is one function, named by its name or ARN; the guide writes them as a list of mappings with one key. */
function hookFunctions<const Event extends string>(
  events: readonly Event[],
): Shape<Readonly<Partial<Record<Event, string>>>> {
  const one = fields(Object.fromEntries(events.map((event) => [event, text])));
  return (spot) => {
    const entries = listOf(one)(spot).flatMap((item) => Object.entries(item));
    const twice = entries.find(([event], index) => entries.findIndex(([other]) => other === event) !== index);
    if (twice) throw spot.refusal(`the event ${twice[0]} is there twice`);
    return Object.fromEntries(entries) as Partial<Record<Event, string>>;
  };
}

const lambdaResource = fields(
  {
    Type: oneOf(['AWS::Lambda::Function']),
    Properties: fields(
      { Name: text, Alias: text, CurrentVersion: text, TargetVersion: text },
      ['Name', 'Alias', 'CurrentVersion', 'TargetVersion'],
      'anyCase',
    ),
  },
  ['Type', 'Properties'],
  'anyCase',
);
const lambda = fields(
  {
    version,
    Resources: onlyResource(lambdaResource),
    Hooks: hookFunctions(['BeforeAllowTraffic', 'AfterAllowTraffic']),
  },
  ['version', 'Resources'],
  'anyCase',
);

/** The AppSpec file of a Lambda function. */
export const lambdaAppspec: Shape<LambdaAppspec> = (spot) => {
  const { Resources: resource, Hooks: hooks = {} } = lambda(spot);
  const { Name = '', Alias = '', CurrentVersion = '', TargetVersion = '' } = resource?.value.Properties ?? {};
  if (CurrentVersion === TargetVersion)
    throw spot.refusal(`CurrentVersion and TargetVersion are both '${TargetVersion}'`);
  return {
    platform: 'Lambda',
    resource: {
      id: resource?.id ?? '',
      functionName: Name,
      alias: Alias,
      currentVersion: CurrentVersion,
      targetVersion: TargetVersion,
    },
    hooks,
  };
};

const network = fields(
  {
    AwsvpcConfiguration: fields(
      { Subnets: listOf(text), SecurityGroups: listOf(text), AssignPublicIp: oneOf(['ENABLED', 'DISABLED']) },
      ['Subnets', 'SecurityGroups', 'AssignPublicIp'],
      'anyCase',
    ),
  },
  ['AwsvpcConfiguration'],
  'anyCase',
);
const ecsProperties = fields(
  {
    TaskDefinition: text,
    LoadBalancerInfo: fields(
      { ContainerName: text, ContainerPort: wholeNumber(1, 65535) },
      ['ContainerName', 'ContainerPort'],
      'anyCase',
    ),
    PlatformVersion: text,
    NetworkConfiguration: network,
    CapacityProviderStrategy: listOf(
      fields(
        { CapacityProvider: text, Base: wholeNumber(0, 100_000), Weight: wholeNumber(0, 1000) },
        ['CapacityProvider'],
        'anyCase',
      ),
    ),
  },
  ['TaskDefinition', 'LoadBalancerInfo'],
  'anyCase',
);
const ecsResource = fields(
  { Type: oneOf(['AWS::ECS::Service']), Properties: ecsProperties },
  ['Type', 'Properties'],
  'anyCase',
);
const ecs = fields(
  {
    version,
    Resources: onlyResource(ecsResource),
    Hooks: hookFunctions([
      'BeforeInstall',
      'AfterInstall',
      'AfterAllowTestTraffic',
      'BeforeAllowTraffic',
      'AfterAllowTraffic',
    ]),
  },
  ['version', 'Resources'],
  'anyCase',
);

/** The AppSpec file of an ECS service. */
export const ecsAppspec: Shape<EcsAppspec> = (spot) => {
  const { Resources: resource, Hooks: hooks = {} } = ecs(spot);
  const properties = resource?.value.Properties ?? {};
  const { ContainerName = '', ContainerPort = 0 } = properties.LoadBalancerInfo ?? {};
  const vpc = properties.NetworkConfiguration?.AwsvpcConfiguration;
  return {
    platform: 'ECS',
    resource: {
      id: resource?.id ?? '',
      taskDefinition: properties.TaskDefinition ?? '',
      containerName: ContainerName,
      containerPort: ContainerPort,
      platformVersion: properties.PlatformVersion ?? 'LATEST',
      network: vpc && {
        subnets: vpc.Subnets ?? [],
        securityGroups: vpc.SecurityGroups ?? [],
        assignPublicIp: vpc.AssignPublicIp ?? 'DISABLED',
      },
      capacityProviderStrategy: (properties.CapacityProviderStrategy ?? []).map(
        ({ CapacityProvider = '', Base = 0, Weight = 0 }) => ({
          capacityProvider: CapacityProvider,
          base: Base,
          weight: Weight,
        }),
      ),
    },
    hooks,
  };
};
