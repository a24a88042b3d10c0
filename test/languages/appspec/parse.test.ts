import { describe, expect, test } from 'vitest';
import { parseAppspec } from '../../../languages/appspec/parse.ts';
import type { Appspec } from '../../../languages/appspec/types.ts';
import cases from '../../cases/appspec-refusals.json' with { type: 'json' };

interface Case {
  readonly name: string;
  readonly platform: Appspec['platform'];
  readonly text: string;
  readonly error: string;
  /** `<line>:<column>` */
  readonly place: string;
}

describe('the table of AppSpec files that are refused', () => {
  test.each(cases as readonly Case[])('$platform: $name', ({ platform, text, error, place }) => {
    const parsing = () => parseAppspec(text, platform);

    expect(parsing).toThrow(error);
    expect(parsing).toThrow(new RegExp(`^AppspecInvalid: appspec\\.yml:${place}: `));
  });
});

test('the file of a server: files, permissions and the scripts of each event', () => {
  const text = `
version: 0.0
os: linux
files:
  - { source: /app, destination: /opt/orders }
file_exists_behavior: OVERWRITE
permissions:
  - object: /opt/orders
    except: [a.txt]
    owner: app
    mode: 0755
    acls: ["u:mary:rw"]
    context: { user: unconfined_u, type: httpd_sys_content_t, range: s0 }
    type: [directory]
  - { object: /opt, pattern: "*.sh", mode: 644 }
hooks:
  ApplicationStop: [{ location: scripts/stop.sh, timeout: 60, runas: root }]
  ValidateService:
    - location: scripts/check.sh
    - location: scripts/check-again.sh
`;

  expect(parseAppspec(text, 'Server')).toEqual({
    platform: 'Server',
    os: 'linux',
    files: [{ source: '/app', destination: '/opt/orders' }],
    fileExistsBehavior: 'OVERWRITE',
    permissions: [
      {
        object: '/opt/orders',
        pattern: '**',
        except: ['a.txt'],
        owner: 'app',
        mode: '0755',
        acls: ['u:mary:rw'],
        context: { user: 'unconfined_u', type: 'httpd_sys_content_t', range: 's0' },
        type: ['directory'],
      },
      { object: '/opt', pattern: '*.sh', except: [], mode: '644', acls: [], type: ['file', 'directory'] },
    ],
    hooks: {
      ApplicationStop: [{ location: 'scripts/stop.sh', timeoutSeconds: 60, runas: 'root' }],
      ValidateService: [
        { location: 'scripts/check.sh', timeoutSeconds: 3600, runas: undefined },
        { location: 'scripts/check-again.sh', timeoutSeconds: 3600, runas: undefined },
      ],
    },
  });
});

test('the file of a server may copy nothing and run nothing', () => {
  expect(parseAppspec('version: 0.0\nos: windows\n', 'Server')).toEqual({
    platform: 'Server',
    os: 'windows',
    files: [],
    fileExistsBehavior: 'DISALLOW',
    permissions: [],
    hooks: {},
  });
});

const lambda = {
  platform: 'Lambda',
  resource: { id: 'ordersFn', functionName: 'orders', alias: 'live', currentVersion: '11', targetVersion: '12' },
  hooks: { BeforeAllowTraffic: 'ordersPreCheck', AfterAllowTraffic: 'ordersPostCheck' },
};

test('the file of a Lambda function, in either spelling of the guide', () => {
  const text = `
version: 0.0
Resources:
  - ordersFn:
      Type: AWS::Lambda::Function
      Properties: { Name: orders, Alias: live, CurrentVersion: "11", TargetVersion: 12 }
Hooks:
  - BeforeAllowTraffic: ordersPreCheck
  - AfterAllowTraffic: ordersPostCheck
`;
  const lowerCase = text
    .replace('Resources', 'resources')
    .replace('Hooks', 'hooks')
    .replace(/Type|Properties|Name|Alias|CurrentVersion|TargetVersion/g, (key) => key.toLowerCase());

  expect(parseAppspec(text, 'Lambda')).toEqual(lambda);
  expect(parseAppspec(lowerCase, 'Lambda')).toEqual(lambda);
});

test('the file of a Lambda function may be JSON', () => {
  const text = JSON.stringify({
    version: 0.0,
    Resources: [
      {
        ordersFn: {
          Type: 'AWS::Lambda::Function',
          Properties: { Name: 'orders', Alias: 'live', CurrentVersion: '11', TargetVersion: '12' },
        },
      },
    ],
  }).replace('"version":0', '"version":0.0');

  expect(parseAppspec(text, 'Lambda', 'appspec.json')).toEqual({ ...lambda, hooks: {} });
});

test('the file of an ECS service', () => {
  const text = `
version: 0.0
Resources:
  - TargetService:
      Type: AWS::ECS::Service
      Properties:
        TaskDefinition: "<TASK_DEFINITION>"
        LoadBalancerInfo: { ContainerName: web, ContainerPort: 8080 }
        NetworkConfiguration:
          AwsvpcConfiguration: { Subnets: [s-1, s-2], SecurityGroups: [sg-1], AssignPublicIp: DISABLED }
        CapacityProviderStrategy: [{ CapacityProvider: FARGATE_SPOT, Base: 1, Weight: 2 }]
Hooks: [{ BeforeInstall: f1 }, { AfterInstall: f2 }, { AfterAllowTestTraffic: f3 }, { BeforeAllowTraffic: f4 }, { AfterAllowTraffic: f5 }]
`;

  expect(parseAppspec(text, 'ECS')).toEqual({
    platform: 'ECS',
    resource: {
      id: 'TargetService',
      taskDefinition: '<TASK_DEFINITION>',
      containerName: 'web',
      containerPort: 8080,
      platformVersion: 'LATEST',
      network: { subnets: ['s-1', 's-2'], securityGroups: ['sg-1'], assignPublicIp: 'DISABLED' },
      capacityProviderStrategy: [{ capacityProvider: 'FARGATE_SPOT', base: 1, weight: 2 }],
    },
    hooks: {
      BeforeInstall: 'f1',
      AfterInstall: 'f2',
      AfterAllowTestTraffic: 'f3',
      BeforeAllowTraffic: 'f4',
      AfterAllowTraffic: 'f5',
    },
  });
});
