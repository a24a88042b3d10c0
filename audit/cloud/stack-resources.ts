import type { AssemblyStack } from '../../assembly/types.ts';
import { evaluateConditions } from '../../languages/template/conditions.ts';
import { expandLoops } from '../../languages/template/expand-loops.ts';
import { resolveParameters } from '../../languages/template/parameters.ts';
import { resolve } from '../../languages/template/resolve.ts';
import type { ResourceDefinition, ResourceValues, Scope } from '../../languages/template/types.ts';
import { addressingOf, addressProperties, refOf } from './addresses.ts';
import type { CloudResource } from './cloud.ts';
import { lazily } from './sparse.ts';
import { objectIn, type Properties, textIn } from './values.ts';

/** The resources that a stack would have. What only AWS knows (parameter store, exports of stacks, secrets) stands as a text that says so. */
export function readStackResources(stack: AssemblyStack): readonly CloudResource[] {
  const reading = new StackReading(stack);
  return reading.ids().map((logicalId) => reading.resource(logicalId));
}

class StackReading {
  readonly #stack: AssemblyStack;
  readonly #definitions: Readonly<Record<string, ResourceDefinition>>;
  readonly #scope: Scope;
  readonly #addresses = new Map<string, { name: string; arn: string }>();
  /** Logical ids whose name is being read: one that needs itself gets a made-up name. */
  readonly #open = new Set<string>();

  constructor(stack: AssemblyStack) {
    this.#stack = stack;
    const parameters = resolveParameters(stack.template, stack.parameters, (name) => `{{resolve:ssm:${name}}}`);
    // Few templates have loops, and their text says so sooner than a walk through all of it.
    const template = stack.templateText.includes('Fn::ForEach')
      ? expandLoops(stack.template, parameters)
      : stack.template;
    const { account: accountId, region, name: stackName } = stack;
    const pseudo: Scope['pseudo'] = {
      accountId,
      region,
      partition: 'aws',
      stackName,
      stackId: `arn:aws:cloudformation:${region}:${accountId}:stack/${stackName}/0`,
      urlSuffix: 'amazonaws.com',
      notificationArns: [],
    };
    this.#definitions = template.resources;
    this.#scope = {
      parameters,
      pseudo,
      conditions: evaluateConditions(template, { parameters, pseudo }),
      mappings: template.mappings,
      resource: (logicalId) => this.#values(logicalId),
      importValue: (name) => `{{import:${name}}}`,
      dynamicReference: (service, reference) => `{{resolve:${service}:${reference}}}`,
    };
  }

  /** Resources whose condition does not hold are not there. */
  ids(): readonly string[] {
    return Object.entries(this.#definitions)
      .filter(([, { condition }]) => condition === undefined || this.#scope.conditions?.[condition] === true)
      .map(([logicalId]) => logicalId);
  }

  resource(logicalId: string): CloudResource {
    const { type, properties } = this.#definitions[logicalId] as ResourceDefinition;
    const { name: stack, account, region } = this.#stack;
    const path = ['Resources', logicalId, 'Properties'];
    const read = (): Properties => lazily(objectIn(properties), (value) => resolve(value, this.#scope, path));
    let known: Properties | undefined;
    const { name, arn } = this.#address(logicalId);
    return {
      ...{ stack, logicalId, type, account, region, name, arn },
      get properties() {
        known ??= read();
        return known;
      },
    };
  }

  #address(logicalId: string): { name: string; arn: string } {
    const known = this.#addresses.get(logicalId);
    if (known) return known;
    const { type, properties } = this.#definitions[logicalId] as ResourceDefinition;
    const { name: property, arn } = addressingOf(type);
    const madeUp = `${this.#stack.name}-${logicalId}`;
    const read = (key: string): unknown => {
      const value = properties[key];
      // Most names are texts already, and most resources lack most of these properties.
      if (value === undefined || (typeof value === 'string' && !value.includes('{{'))) return value;
      return resolve(value, this.#scope, ['Resources', logicalId, 'Properties', key]);
    };
    const inner = this.#open.has(logicalId);
    this.#open.add(logicalId);
    const name = (inner || property === undefined ? undefined : textIn(read(property))) ?? madeUp;
    const parts = inner ? {} : Object.fromEntries(addressProperties.map((key) => [key, read(key)]));
    const address = { name, arn: arn(name, this.#stack, parts) };
    if (inner) return address;
    this.#open.delete(logicalId);
    this.#addresses.set(logicalId, address);
    return address;
  }

  #values(logicalId: string): ResourceValues | undefined {
    const definition = Object.hasOwn(this.#definitions, logicalId) ? this.#definitions[logicalId] : undefined;
    if (definition === undefined) return undefined;
    const { name, arn } = this.#address(logicalId);
    return {
      ref: refOf(definition.type, name, arn, this.#stack),
      attributes: attributesOf(name, arn, `{{${this.#stack.name}.${logicalId}.`),
    };
  }
}

/** Every attribute has a value: those that are names and ARNs the real one, the others a text that tells them apart. */
function attributesOf(name: string, arn: string, unknown: string): Readonly<Record<string, unknown>> {
  const valueOf = (attribute: string): string => {
    if (attribute.endsWith('Arn')) return arn;
    return attribute.endsWith('Name') ? name : `${unknown}${attribute}}}`;
  };
  return new Proxy<Record<string, unknown>>(
    {},
    {
      get: (_, attribute) => valueOf(String(attribute)),
      has: () => true,
      getOwnPropertyDescriptor: (_, attribute) => ({
        value: valueOf(String(attribute)),
        configurable: true,
        enumerable: true,
      }),
    },
  );
}
