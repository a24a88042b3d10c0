import { readAssembly } from '../../assembly/read-assembly.ts';
import { checks, findingsIn } from '../../audit/checks/index.ts';
import { readCloud } from '../../audit/cloud/cloud.ts';
import { findingsText } from '../render/findings.ts';

/** As given on the command line. */
export interface AuditOptions {
  /** The directory of a cloud assembly. */
  readonly assembly: string;
  readonly json?: boolean;
}

/** Prints what the checks find in the templates; answers the exit code, 1 when there is a finding. */
export function audit({ assembly, json }: AuditOptions): number {
  const found = findingsIn(readCloud(readAssembly(assembly)));
  console.log(json === true ? JSON.stringify(found, undefined, 2) : findingsText(found, Object.keys(checks).length));
  return found.length > 0 ? 1 : 0;
}
