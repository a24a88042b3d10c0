import { z } from 'zod';
import { resource } from '../../world/service.ts';
import { functionArn } from './find.ts';
import { permissions } from './tables.ts';

/** AWS::Lambda::Permission: one statement of the function's resource policy. */
export const permission = resource({
  properties: z.strictObject({
    Action: z.string(),
    FunctionName: z.string(),
    Principal: z.string(),
    SourceArn: z.string().optional(),
    SourceAccount: z.string().optional(),
    PrincipalOrgID: z.string().optional(),
  }),
  access: ({ FunctionName }, at, change) => [
    {
      action: change === 'delete' ? 'lambda:RemovePermission' : 'lambda:AddPermission',
      resource: functionArn(FunctionName, at),
    },
  ],
  put: (properties, at) => {
    const id = `${at.stackName}-${at.logicalId}`;
    const arn = functionArn(properties.FunctionName, at);
    at.world.store
      .in(permissions)
      .put(`${at.account}/${id}`, { functionArn: arn, statement: statementOf(id, arn, properties) });
    return { physicalId: id, attributes: { Id: id } };
  },
  remove: ({ physicalId }, at) => void at.world.store.in(permissions).delete(`${at.account}/${physicalId}`),
});

/** A statement of a function's policy, as AddPermission writes it. */
export function statementOf(
  sid: string,
  arn: string,
  wanted: {
    Action: string;
    Principal: string;
    SourceArn?: string | undefined;
    SourceAccount?: string | undefined;
    PrincipalOrgID?: string | undefined;
  },
): Readonly<Record<string, unknown>> {
  const equals = {
    ...(wanted.SourceAccount === undefined ? {} : { 'aws:SourceAccount': wanted.SourceAccount }),
    ...(wanted.PrincipalOrgID === undefined ? {} : { 'aws:PrincipalOrgID': wanted.PrincipalOrgID }),
  };
  const isService = wanted.Principal.endsWith('.amazonaws.com');
  const conditions = {
    ...(wanted.SourceArn === undefined ? {} : { ArnLike: { 'aws:SourceArn': wanted.SourceArn } }),
    ...(Object.keys(equals).length === 0 ? {} : { StringEquals: equals }),
  };
  return {
    Sid: sid,
    Effect: 'Allow',
    Principal: isService ? { Service: wanted.Principal } : { AWS: wanted.Principal },
    Action: wanted.Action,
    Resource: arn,
    ...(Object.keys(conditions).length === 0 ? {} : { Condition: conditions }),
  };
}
