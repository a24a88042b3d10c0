import { evaluateConditions } from '../../../languages/template/conditions.ts';
import { expandLoops } from '../../../languages/template/expand-loops.ts';
import { resolveParameters, shownParameters } from '../../../languages/template/parameters.ts';
import { checkRules } from '../../../languages/template/rules.ts';
import type { Scope, Template } from '../../../languages/template/types.ts';
import type { Place } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { plainValue } from '../ssm/find.ts';
import { exportsOf } from './exports.ts';
import type { StackResource } from './tables.ts';

/** A template with its parameters settled: what is left is to make its resources. */
export interface Prepared {
  readonly template: Template;
  readonly conditions: Readonly<Record<string, boolean>>;
  readonly shownParameters: Readonly<Record<string, string>>;
  /** The exports that were looked up so far, by name. */
  readonly imports: ReadonlySet<string>;
  /** Resources that exist by then are looked up in `made`. */
  scope(made: ReadonlyMap<string, StackResource>): Scope;
}

/** Settles parameters, rules, loops and conditions. Throws Fault with what is wrong with the template or the parameters. */
export function prepare(
  world: World,
  at: Place & { stackName: string; stackId: string },
  written: Template,
  given: Readonly<Record<string, string>>,
): Prepared {
  const ssm = (reference: string) => plainValue(world, reference, at);
  const parameters = resolveParameters(written, given, ssm);
  const template = expandLoops(written, parameters);
  const pseudo: Scope['pseudo'] = {
    accountId: at.account,
    region: at.region,
    partition: 'aws',
    stackName: at.stackName,
    stackId: at.stackId,
    urlSuffix: 'amazonaws.com',
    notificationArns: [],
  };
  checkRules(template, { parameters, pseudo });
  const conditions = evaluateConditions(template, { parameters, pseudo });
  const imports = new Set<string>();
  return {
    imports,
    template,
    conditions,
    shownParameters: shownParameters(template, parameters),
    scope: (made) => ({
      parameters,
      pseudo,
      conditions,
      mappings: template.mappings,
      resource: (logicalId) => {
        const found = made.get(logicalId);
        return found && { ref: found.physicalId, attributes: found.attributes };
      },
      importValue: (name) => {
        imports.add(name);
        return exportsOf(world, at).find((each) => each.name === name)?.value;
      },
      dynamicReference: (service, reference) => (service === 'ssm' ? ssm(reference) : undefined),
    }),
  };
}
