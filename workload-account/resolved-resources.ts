import { CfnResource, Stack } from 'aws-cdk-lib';

/** A resource as the template will have it, property overrides included. */
export interface ResolvedResource {
  readonly logicalId: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** The resources of a stack while it is synthesized. */
export class ResolvedResources {
  readonly #all: readonly ResolvedResource[];

  constructor(stack: Stack) {
    const elements = stack.node
      .findAll()
      .filter((each): each is CfnResource => CfnResource.isCfnResource(each) && Stack.of(each) === stack);
    const templates = elements.map(
      (each) => stack.resolve(each._toCloudFormation()) as { Resources?: Record<string, { Properties?: object }> },
    );
    const properties = new Map(templates.flatMap(({ Resources = {} }) => Object.entries(Resources)));
    this.#all = elements.map((each) => {
      const logicalId = stack.resolve(each.logicalId) as string;
      return { logicalId, type: each.cfnResourceType, properties: { ...properties.get(logicalId)?.Properties } };
    });
  }

  ofType(type: string): readonly ResolvedResource[] {
    return this.#all.filter((each) => each.type === type);
  }

  /** The resource of this stack that a value refers to, by `Ref` or one of its attributes. */
  behind(value: unknown): ResolvedResource | undefined {
    const { Ref, 'Fn::GetAtt': attribute } = (value ?? {}) as { Ref?: unknown; 'Fn::GetAtt'?: readonly unknown[] };
    const id = Ref ?? attribute?.[0];
    return this.#all.find(({ logicalId }) => logicalId === id);
  }
}
