import type { Assembly } from '../../assembly/types.ts';
import { stackTags } from '../../shared/names.ts';
import { type Cloud, type CloudResource, readCloud } from '../cloud/cloud.ts';
import { Permissions } from '../cloud/permissions.ts';
import { Principals } from '../principals/principals.ts';
import { routesOf } from '../routes/routes.ts';
import { Rules } from '../routes/rules.ts';
import type { Route } from '../routes/types.ts';
import { Backwards } from './backwards.ts';
import { type Promised, promisedBy } from './claims.ts';
import { grouped } from './uses.ts';

/** Templates as proofs look at them; what is costly is made when first asked for. */
export class Templates {
  readonly cloud: Cloud;
  readonly permissions: Permissions;
  readonly principals: Principals;
  readonly promised: readonly Promised[];
  readonly backwards: Backwards;
  #promises: ReadonlyMap<string, Promised> | undefined;
  #pipelines: ReadonlyMap<string, readonly CloudResource[]> | undefined;
  #routes: readonly Route[] | undefined;
  #byPipeline: ReadonlyMap<string, readonly Route[]> | undefined;

  constructor(assembly: Assembly, cloud: Cloud = readCloud(assembly), organisation = organisationOf(assembly)) {
    this.cloud = cloud;
    this.permissions = new Permissions(cloud);
    this.principals = new Principals(cloud, this.permissions, organisation);
    this.promised = promisedBy(assembly);
    this.backwards = new Backwards(this.principals, this.permissions, new Rules(cloud), cloud);
  }

  /** The pipelines of the stacks of an environment. */
  pipelinesOf(environment: string): readonly CloudResource[] {
    this.#pipelines ??= grouped(
      this.cloud.ofType('AWS::CodePipeline::Pipeline').map((pipeline) => [pipeline.stack, pipeline] as const),
    );
    return (this.promise(environment)?.stacks ?? []).flatMap((stack) => this.#pipelines?.get(stack) ?? []);
  }

  /** What an environment's stacks promise. */
  promise(environment: string): Promised | undefined {
    this.#promises ??= new Map(this.promised.map((each) => [each.name, each]));
    return this.#promises.get(environment);
  }

  get routes(): readonly Route[] {
    this.#routes ??= routesOf(this.cloud, this.permissions);
    return this.#routes;
  }

  /** The routes that end at a pipeline. */
  routesTo(pipelineArn: string): readonly Route[] {
    this.#byPipeline ??= grouped(this.routes.map((route) => [route.hops.at(-1)?.arn ?? '', route] as const));
    return this.#byPipeline.get(pipelineArn) ?? [];
  }
}

/** Stacks say in a tag to which organisation their accounts belong. */
const organisationOf = ({ stacks }: Assembly): string | undefined =>
  stacks.map(({ tags }) => tags[stackTags.organisation]).find((each) => each !== undefined && each !== '');
