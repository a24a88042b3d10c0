import { onTestFinished } from 'vitest';
import { administrator } from '../../local/accounts.ts';
import { stackEnd } from '../../local/services/cloudformation/running.ts';
import { call } from '../../local/world/call.ts';
import { bareWorld } from './bare-world.ts';

/** The account and region of these tests. */
export const place = { account: '222222222222', region: 'eu-west-1' };

/** A stack as DescribeStacks shows it, as far as these tests look. */
export interface ShownStack {
  readonly StackId: string;
  readonly StackName: string;
  readonly StackStatus: string;
  readonly StackStatusReason?: string;
  readonly EnableTerminationProtection: boolean;
  readonly Tags: readonly { readonly Key: string; readonly Value: string }[];
  readonly Outputs: readonly { readonly OutputKey: string; readonly OutputValue: string }[];
}

/** A change set as DescribeChangeSet shows it, as far as these tests look. */
export interface ShownChangeSet {
  readonly StackId: string;
  readonly Status: string;
  readonly Changes: readonly { readonly ResourceChange: { readonly Details: unknown } }[];
}

/** A bare world with CloudFormation in the hands of the account's administrator. */
export async function cloudformationWorld() {
  const open = await bareWorld();
  const { world } = open;
  onTestFinished(() => open.close());
  const ask = <Answer>(service: string, operation: string, input: object): Promise<Answer> =>
    call<Answer>(world, { ...place, caller: administrator(world, place.account), service, operation, input });
  const cloudformation = <Answer>(operation: string, input: object) => ask<Answer>('cloudformation', operation, input);
  const describeStack = async (StackName: string) => {
    const { Stacks } = await cloudformation<{ Stacks: readonly ShownStack[] }>('DescribeStacks', { StackName });
    return Stacks[0] as ShownStack;
  };
  /** Begins a change, waits for its end, and answers the stack. */
  const changed = async (operation: string, StackName: string, input: object = {}): Promise<ShownStack> => {
    const { StackId } = await cloudformation<{ StackId?: string }>(operation, { StackName, ...input });
    await stackEnd(world, { ...place, stackName: StackName });
    const id = StackId ?? ids.get(StackName) ?? StackName;
    ids.set(StackName, id);
    return describeStack(id);
  };
  const ids = new Map<string, string>();
  const template = (Resources: object, more: object = {}) => ({ TemplateBody: JSON.stringify({ Resources, ...more }) });
  return {
    world,
    ask,
    cloudformation,
    changed,
    template,
    describeStack,
    /** Creates the change set `planned` and answers it. */
    changeSet: async (StackName: string, resources: object, more: object = {}): Promise<ShownChangeSet> => {
      const input = { StackName, ChangeSetName: 'planned', ...template(resources), ...more };
      const { Id } = await cloudformation<{ Id: string }>('CreateChangeSet', input);
      return cloudformation<ShownChangeSet>('DescribeChangeSet', { ChangeSetName: Id });
    },
    /** Executes the change set `planned`, waits for its end, and answers the stack. */
    execute: async (StackName: string): Promise<ShownStack> => {
      const { StackId } = await describeStack(StackName);
      await cloudformation('ExecuteChangeSet', { StackName, ChangeSetName: 'planned' });
      await world.settled();
      return describeStack(StackId);
    },
    create: (name: string, resources: object, more?: object) => changed('CreateStack', name, template(resources, more)),
    update: (name: string, resources: object, more?: object) => changed('UpdateStack', name, template(resources, more)),
    remove: (name: string, input?: object) => changed('DeleteStack', name, input),
    /** The logical ids of a stack's resources. */
    resources: async (StackName: string) => {
      const { StackResources } = await cloudformation<{ StackResources: { LogicalResourceId: string }[] }>(
        'DescribeStackResources',
        { StackName },
      );
      return StackResources.map(({ LogicalResourceId }) => LogicalResourceId);
    },
    /** The names of the log groups that are there. */
    logGroups: async () => {
      const { logGroups } = await ask<{ logGroups: { logGroupName: string }[] }>('logs', 'DescribeLogGroups', {});
      return logGroups.map(({ logGroupName }) => logGroupName);
    },
  };
}

/** A log group, the simplest resource that has a name. */
export const group = (LogGroupName: string, more: object = {}) => ({
  Type: 'AWS::Logs::LogGroup',
  Properties: { LogGroupName },
  ...more,
});

/** A resource that cannot be made: its role does not exist. */
export const broken = (...DependsOn: readonly string[]) => ({
  Type: 'AWS::Lambda::Function',
  DependsOn,
  Properties: {
    Code: { ZipFile: 'exports.handler = () => 1' },
    Handler: 'index.handler',
    Runtime: 'nodejs24.x',
    Role: 'arn:aws:iam::222222222222:role/none',
  },
});
