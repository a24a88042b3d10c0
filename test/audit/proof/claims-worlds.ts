import type { Assembly } from '../../../assembly/types.ts';
import { type Claim, defaultClaims } from '../../../audit/proof/claims.ts';
import { type Proof, prove } from '../../../audit/proof/prove.ts';
import { Templates } from '../../../audit/proof/templates.ts';
import { assemblyOfStacks, type OwnStack, ownStacks, type WrittenResources } from '../clouds.ts';

/** Our own stacks after a change to the resources of one of them. */
export function changedTemplates(
  name: string,
  change: (resources: WrittenResources) => void,
  stacks: ReadonlyMap<string, OwnStack> = ownStacks(),
): { readonly templates: Templates; readonly assembly: Assembly } {
  const own = stacks.get(name);
  if (own === undefined) throw new Error(`there is no stack ${name}`);
  change(own.resources);
  const assembly = assemblyOfStacks(stacks.values());
  return { assembly, templates: new Templates(assembly) };
}

/** The proofs of the default claims after a change. */
export function proofsAfter(name: string, change: (resources: WrittenResources) => void): readonly Proof[] {
  const { assembly, templates } = changedTemplates(name, change);
  return prove(defaultClaims(assembly), templates);
}

/** One claim about our own stacks after a change. */
export function proofOf(
  claim: Claim,
  name = 'mergecast-prod',
  change: (resources: WrittenResources) => void = () => {},
): Proof {
  const [proof] = prove([claim], changedTemplates(name, change).templates);
  if (proof === undefined) throw new Error('there is no proof');
  return proof;
}

/** The resource of a type whose logical id begins so. */
export function resourceOf(resources: WrittenResources, type: string, prefix = ''): Record<string, unknown> {
  const found = Object.entries(resources).find(([id, { Type }]) => Type === type && id.startsWith(prefix));
  if (found === undefined) throw new Error(`there is no ${type} ${prefix}`);
  return found[1].Properties;
}
