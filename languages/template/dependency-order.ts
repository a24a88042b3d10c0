import { referencesIn } from './references.ts';
import { templateInvalid } from './refusals.ts';
import { own } from './section.ts';
import type { Template } from './types.ts';

type Conditions = Readonly<Record<string, boolean>>;

/**
 * The logical ids in an order that creates every resource after those it needs: `DependsOn`, Ref, Fn::GetAtt and Fn::Sub.
 * Independent resources keep the template's order. With `conditions`, resources whose condition is false are left out.
 * Refuses unknown references and conditions, and cycles with their path.
 */
export function dependencyOrder(template: Template, conditions?: Conditions): string[] {
  const graph = dependencies(template, conditions);
  const order: string[] = [];
  const state = new Map<string, 'open' | 'done'>();
  const open: { id: string; rest: string[] }[] = [];
  const enter = (id: string): void => {
    state.set(id, 'open');
    open.push({ id, rest: [...(graph.get(id) ?? [])] });
  };
  for (const start of graph.keys()) {
    if (!state.has(start)) enter(start);
    for (let top = open.at(-1); top; top = open.at(-1)) {
      const next = top.rest.shift();
      if (next === undefined) {
        state.set(top.id, 'done');
        order.push(top.id);
        open.pop();
      } else if (state.get(next) === 'open') throw circular(template, [...pathFrom(open, next), next]);
      else if (!state.has(next)) enter(next);
    }
  }
  return order;
}

/** What each resource that exists under these conditions needs, by logical id. Outputs are checked along. */
export function dependencies(template: Template, conditions?: Conditions): Map<string, readonly string[]> {
  const exists = (id: string): boolean =>
    Object.hasOwn(template.resources, id) &&
    holds(template, ['Resources', id], conditions, template.resources[id]?.condition);
  const graph = new Map<string, readonly string[]>();
  for (const [id, resource] of Object.entries(template.resources)) {
    if (!exists(id)) continue;
    const { properties, metadata, creationPolicy, updatePolicy, deletionPolicy, updateReplacePolicy } = resource;
    const needed = new Set<string>();
    for (const dependency of resource.dependsOn) {
      if (!Object.hasOwn(template.resources, dependency))
        throw unresolved(template, 'Resources', dependency, ['Resources', id, 'DependsOn']);
      if (exists(dependency)) needed.add(dependency);
    }
    const parts = {
      Properties: properties,
      Metadata: metadata,
      CreationPolicy: creationPolicy,
      UpdatePolicy: updatePolicy,
      DeletionPolicy: deletionPolicy,
      UpdateReplacePolicy: updateReplacePolicy,
    };
    for (const [part, value] of Object.entries(parts))
      for (const name of resourcesIn(template, value, ['Resources', id, part], exists, conditions)) needed.add(name);
    graph.set(id, [...needed]);
  }
  checkOutputs(template, exists, conditions);
  return graph;
}

function checkOutputs(template: Template, exists: (id: string) => boolean, conditions: Conditions | undefined): void {
  for (const [name, output] of Object.entries(template.outputs)) {
    const path = ['Outputs', name];
    if (holds(template, path, conditions, output.condition))
      resourcesIn(template, { Value: output.value, Export: { Name: output.exportName } }, path, exists, conditions);
  }
}

function resourcesIn(
  template: Template,
  value: unknown,
  path: readonly string[],
  exists: (id: string) => boolean,
  conditions: Conditions | undefined,
): string[] {
  const resources: string[] = [];
  for (const reference of referencesIn(value, path, conditions)) {
    if (!reference.attribute && Object.hasOwn(template.parameters, reference.name)) continue;
    if (!exists(reference.name)) throw unresolved(template, path[0] ?? 'Resources', reference.name, reference.path);
    resources.push(reference.name);
  }
  return resources;
}

function holds(
  template: Template,
  path: readonly string[],
  conditions: Conditions | undefined,
  name: string | undefined,
): boolean {
  if (name === undefined) return true;
  if (!Object.hasOwn(template.conditions, name))
    throw templateInvalid(
      template.at([...path, 'Condition']),
      `Template format error: Unresolved condition dependency ${name} in the ${path[0]} block of the template`,
    );
  return !conditions || own(conditions, name) === true;
}

function unresolved(template: Template, block: string, name: string, path: readonly (string | number)[]): Error {
  return templateInvalid(
    template.at(path),
    `Template format error: Unresolved resource dependencies [${name}] in the ${block} block of the template`,
  );
}

function circular(template: Template, ids: readonly string[]): Error {
  const [id = ''] = ids;
  return templateInvalid(
    template.at(['Resources', id]),
    `Circular dependency between resources: [${ids.slice(0, -1).join(', ')}] (${ids.join(' → ')})`,
  );
}

function pathFrom(open: readonly { id: string }[], id: string): string[] {
  const ids = open.map((entry) => entry.id);
  return ids.slice(ids.indexOf(id));
}
