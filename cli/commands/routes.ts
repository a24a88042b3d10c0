import { readAssembly } from '../../assembly/read-assembly.ts';
import { readCloud } from '../../audit/cloud/cloud.ts';
import { routesOf } from '../../audit/routes/routes.ts';
import type { Route } from '../../audit/routes/types.ts';
import { routesMermaid } from '../render/routes-mermaid.ts';
import { routesSvg } from '../render/routes-svg.ts';
import { routesTable } from '../render/routes-table.ts';

/** As given on the command line. */
export interface RoutesOptions {
  /** The directory of a cloud assembly. */
  readonly assembly: string;
  readonly format: 'table' | 'mermaid' | 'json' | 'svg';
}

/** Prints every path from repository and branch to pipeline; answers the exit code, 1 when there is none or one is broken. */
export function routes({ assembly, format }: RoutesOptions): number {
  const found = routesOf(readCloud(readAssembly(assembly)));
  console.log(printed[format](found));
  return found.length === 0 || found.some(({ broken }) => broken.length > 0) ? 1 : 0;
}

const printed: Readonly<Record<RoutesOptions['format'], (routes: readonly Route[]) => string>> = {
  table: routesTable,
  mermaid: routesMermaid,
  json: (found) => JSON.stringify(found, undefined, 2),
  svg: routesSvg,
};
