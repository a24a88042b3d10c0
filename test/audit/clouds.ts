import { inject } from 'vitest';
import { readAssembly } from '../../assembly/read-assembly.ts';
import type { Assembly, AssemblyStack } from '../../assembly/types.ts';
import { type Cloud, readCloud } from '../../audit/cloud/cloud.ts';
import { parseTemplate } from '../../languages/template/parse.ts';

/** A resource as it stands in a template. */
export interface WrittenResource {
  Type: string;
  Properties: Record<string, unknown>;
}

/** Resources by logical id. */
export type WrittenResources = Record<string, WrittenResource>;

/** Our own synthesized stacks by name, each with a copy of its resources to change. */
export interface OwnStack {
  readonly stack: AssemblyStack;
  readonly resources: WrittenResources;
}

export function ownStacks(): ReadonlyMap<string, OwnStack> {
  const { stacks } = readAssembly(inject('assembly'));
  return new Map(
    stacks.map((stack) => {
      const { Resources } = JSON.parse(stack.templateText) as { Resources: WrittenResources };
      return [stack.name, { stack, resources: Resources }];
    }),
  );
}

/** The assembly of stacks as they are now. */
export const assemblyOfStacks = (stacks: Iterable<OwnStack>): Assembly => ({
  stacks: [...stacks].map(({ stack, resources }) => {
    const source = { ...stack.template.source, Resources: resources };
    return { ...stack, template: parseTemplate(JSON.stringify(source), stack.name) };
  }),
});

/** The cloud of stacks as they are now. */
export const cloudOfStacks = (stacks: Iterable<OwnStack>): Cloud => readCloud(assemblyOfStacks(stacks));

/** The cloud of one written template, in one account. */
export const cloudOfResources = (resources: WrittenResources): Cloud => cloudOfAccounts({ '111111111111': resources });

/** The cloud of written templates by account. */
export const cloudOfAccounts = (accounts: Readonly<Record<string, WrittenResources>>): Cloud =>
  readCloud(assemblyOfAccounts(accounts));

/** The assembly of written templates by account. */
export const assemblyOfAccounts = (accounts: Readonly<Record<string, WrittenResources>>): Assembly => ({
  stacks: Object.entries(accounts).map(([account, Resources]) => {
    const templateText = JSON.stringify({ Resources });
    const template = parseTemplate(templateText, `stack-${account}`);
    const name = `stack-${account}`;
    return {
      ...{ id: name, name, account, region: 'eu-west-1', template, templateText },
      ...{ tags: {}, parameters: {}, assets: [], dependsOn: [] },
    };
  }),
});
