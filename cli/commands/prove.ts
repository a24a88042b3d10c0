import { existsSync, readFileSync } from 'node:fs';
import { readAssembly } from '../../assembly/read-assembly.ts';
import { type Claim, defaultClaims, parseClaims } from '../../audit/proof/claims.ts';
import { prove } from '../../audit/proof/prove.ts';
import { Templates } from '../../audit/proof/templates.ts';
import { Fault } from '../../shared/fault.ts';
import { proofsText } from '../render/proofs.ts';

/** As given on the command line. */
export interface ProveOptions {
  /** The directory of a cloud assembly. */
  readonly assembly: string;
  /** The file of claims; without it claims.json, where there is one. */
  readonly claims?: string;
  readonly json?: boolean;
}

const usualFile = 'claims.json';

/** Decides the claims; answers the exit code: 0 when all are proven, 1 when one is refuted, 2 when one cannot be decided. Throws ClaimsInvalid. */
export function proveVerb({ assembly, claims: file, json }: ProveOptions): number {
  const read = readAssembly(assembly);
  const templates = new Templates(read);
  const written =
    file !== undefined || existsSync(usualFile) ? readClaims(file ?? usualFile) : { defaults: true, claims: [] };
  const claims: readonly Claim[] = [
    ...(written.defaults ? defaultClaims(read, templates.promised) : []),
    ...written.claims,
  ];
  if (claims.length === 0)
    throw new Fault('ClaimsInvalid', 'nothing is claimed', "write a claim, or leave out 'defaults: false'");
  const proofs = prove(claims, templates);
  console.log(json === true ? JSON.stringify(proofs, undefined, 2) : proofsText(proofs));
  if (proofs.some(({ verdict }) => verdict === 'refuted')) return 1;
  return proofs.some(({ verdict }) => verdict === 'refused') ? 2 : 0;
}

function readClaims(file: string): ReturnType<typeof parseClaims> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new Fault(
      'ClaimsInvalid',
      `${file} cannot be read: ${String(error).slice(0, 200)}`,
      'give the path of a claims file',
    );
  }
  return parseClaims(text, file);
}
