import { z } from 'zod';
import { flag, numeric, tags } from '../../world/properties.ts';
import { resource } from '../../world/service.ts';
import { passRole } from '../iam/pass-role.ts';
import { type Project, projectArn, projects, timeoutMinutes } from './tables.ts';

const variable = z.strictObject({
  Name: z.string(),
  Value: z.coerce.string(),
  Type: z
    .enum(['PLAINTEXT', 'PARAMETER_STORE'], 'SECRETS_MANAGER is not played by the local cloud')
    .default('PLAINTEXT'),
});

/** AWS::CodeBuild::Project for pipelines, or without source. Image and compute type are recorded: a build runs in this machine's own shell. */
export const project = resource({
  simplified:
    'A build runs in a shell of this machine as the user who started the cloud; image, compute type and privileged mode are only recorded.',
  properties: z.strictObject({
    Name: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{1,149}$/)
      .optional(),
    Description: z.string().optional(),
    ServiceRole: z.string(),
    Artifacts: z.strictObject({ Type: z.enum(['CODEPIPELINE', 'NO_ARTIFACTS']) }),
    Source: z.strictObject({ Type: z.enum(['CODEPIPELINE', 'NO_SOURCE']), BuildSpec: z.string().optional() }),
    Environment: z.strictObject({
      Type: z.string(),
      ComputeType: z.string(),
      Image: z.string(),
      ImagePullCredentialsType: z.string().optional(),
      PrivilegedMode: flag.optional(),
      EnvironmentVariables: z.array(variable).default([]),
    }),
    Cache: z.strictObject({ Type: z.literal('NO_CACHE') }).optional(),
    EncryptionKey: z.string().optional(),
    TimeoutInMinutes: timeoutMinutes.default(60),
    QueuedTimeoutInMinutes: numeric.optional(),
    LogsConfig: z
      .strictObject({
        CloudWatchLogs: z
          .strictObject({
            Status: z.enum(['ENABLED', 'DISABLED']),
            GroupName: z.string().optional(),
            StreamName: z.string().optional(),
          })
          .optional(),
      })
      .optional(),
    Tags: tags.optional(),
  }),
  access: ({ Name = '*', ServiceRole }, at, change) => {
    const action = { create: 'CreateProject', update: 'UpdateProject', delete: 'DeleteProject' }[change];
    return [
      { action: `codebuild:${action}`, resource: projectArn(Name, at) },
      ...(change === 'delete' ? [] : [passRole(ServiceRole, 'codebuild.amazonaws.com')]),
    ];
  },
  put: (properties, at, previous) => {
    const { world, account, region } = at;
    const name = properties.Name ?? previous?.physicalId ?? `${at.logicalId}-${world.chance.hex(12)}`;
    const arn = projectArn(name, at);
    const logs = properties.LogsConfig?.CloudWatchLogs;
    const made: Project = {
      arn,
      name,
      account,
      region,
      roleArn: properties.ServiceRole,
      sourceType: properties.Source.Type,
      buildspec: properties.Source.BuildSpec ?? 'buildspec.yml',
      image: properties.Environment.Image,
      variables: properties.Environment.EnvironmentVariables.map(({ Name, Value, Type }) => ({
        name: Name,
        value: Value,
        type: Type,
      })),
      timeoutMinutes: properties.TimeoutInMinutes,
      logGroup: logs?.GroupName ?? `/aws/codebuild/${name}`,
      logs: logs?.Status !== 'DISABLED',
      createdAt: world.store.in(projects).get(arn)?.createdAt ?? world.clock.now(),
      ...(properties.EncryptionKey === undefined ? {} : { keyArn: properties.EncryptionKey }),
    };
    world.store.in(projects).put(arn, made);
    return { physicalId: name, attributes: { Arn: arn } };
  },
  remove: ({ attributes }, { world }) => void world.store.in(projects).delete(String(attributes['Arn'])),
});
