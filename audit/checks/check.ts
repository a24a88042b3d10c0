import type { Cloud, CloudResource } from '../cloud/cloud.ts';
import { Permissions } from '../cloud/permissions.ts';
import { routesOf } from '../routes/routes.ts';
import type { Route } from '../routes/types.ts';

/** What checks look at. */
export interface Examined {
  readonly cloud: Cloud;
  readonly permissions: Permissions;
  readonly routes: readonly Route[];
}

/** Something that does not protect as it should. */
export interface Finding {
  /** The check's name. */
  readonly check: string;
  readonly stack: string;
  readonly logicalId: string;
  /** What is wrong, a sentence. */
  readonly problem: string;
  /** The value that is wrong, as JSON; `nothing` where something is missing. */
  readonly value: string;
  /** What to do about it. */
  readonly mend: string;
}

/** What a check says about one resource. */
export type Verdict = Omit<Finding, 'check' | 'stack' | 'logicalId' | 'value'> & {
  readonly resource: CloudResource;
  readonly value: unknown;
};

/** A pure function over templates; it finds nothing where all is well. */
export type Check = (examined: Examined) => readonly Verdict[];

/** Reads a cloud once for all checks. */
export function examine(cloud: Cloud): Examined {
  const permissions = new Permissions(cloud);
  return { cloud, permissions, routes: routesOf(cloud, permissions) };
}
