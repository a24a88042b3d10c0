/** A template as read: its sections; loops that need parameter values stand unexpanded in `source`. */
export interface Template {
  /** How the template is called in errors. */
  readonly file: string;
  readonly description?: string;
  readonly metadata?: unknown;
  /** Only `AWS::LanguageExtensions` is known; macros run in AWS and are refused by name. */
  readonly transforms: readonly string[];
  readonly parameters: Readonly<Record<string, ParameterDefinition>>;
  readonly mappings: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
  readonly conditions: Readonly<Record<string, unknown>>;
  readonly rules: Readonly<Record<string, RuleDefinition>>;
  readonly resources: Readonly<Record<string, ResourceDefinition>>;
  readonly outputs: Readonly<Record<string, OutputDefinition>>;
  /** The whole template as plain values, short forms written out. */
  readonly source: Readonly<Record<string, unknown>>;
  /** `<file>:<line>:<column>` of the value at a path, or of the nearest one around it. */
  readonly at: (path: readonly (string | number)[]) => string;
}

/** One row of `Parameters`. Source: "Parameters" in the CloudFormation guide. */
export interface ParameterDefinition {
  readonly type: string;
  readonly default?: string;
  readonly allowedValues?: readonly string[];
  readonly allowedPattern?: string;
  readonly constraintDescription?: string;
  readonly description?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minValue?: number;
  readonly maxValue?: number;
  readonly noEcho: boolean;
}

/** One row of `Resources`; properties and policies are unresolved. */
export interface ResourceDefinition {
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly dependsOn: readonly string[];
  readonly condition?: string;
  /** `Delete`, `Retain`, `RetainExceptOnCreate` or `Snapshot`; under `AWS::LanguageExtensions` a function that gives one. */
  readonly deletionPolicy?: unknown;
  readonly updateReplacePolicy?: unknown;
  readonly metadata?: unknown;
  readonly creationPolicy?: unknown;
  readonly updatePolicy?: unknown;
}

/** One row of `Outputs`; value and export name are unresolved. */
export interface OutputDefinition {
  readonly value: unknown;
  readonly description?: string;
  readonly condition?: string;
  readonly exportName?: unknown;
}

/** One row of `Rules`: what must hold of the parameters before anything is created. */
export interface RuleDefinition {
  readonly condition?: unknown;
  readonly assertions: readonly { readonly assert: unknown; readonly description?: string }[];
}

/** The pseudo parameters `AWS::…`. */
export interface PseudoParameters {
  readonly accountId: string;
  readonly region: string;
  readonly partition: string;
  readonly stackName: string;
  readonly stackId: string;
  readonly urlSuffix: string;
  readonly notificationArns: readonly string[];
}

/** What intrinsic functions see. */
export interface Scope {
  /** As `resolveParameters` returns them: texts and lists of texts. */
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly pseudo: PseudoParameters;
  readonly mappings?: Template['mappings'];
  /** As `evaluateConditions` returns them. */
  readonly conditions?: Readonly<Record<string, boolean>>;
  /** What `Ref` and `Fn::GetAtt` of a resource give; undefined while there is none of that id. */
  readonly resource?: (logicalId: string) => ResourceValues | undefined;
  /** The value of another stack's export in this account and region. */
  readonly importValue?: (name: string) => string | undefined;
  /** The value behind `{{resolve:<service>:<reference>}}`; without it such references are refused. */
  readonly dynamicReference?: (service: string, reference: string) => string | undefined;
  /** The zones of a region, for `Fn::GetAZs`; by default the region's a, b and c. */
  readonly availabilityZones?: (region: string) => readonly string[];
}

/** What a created resource shows to the rest of its template. */
export interface ResourceValues {
  readonly ref: string;
  /** By attribute name; a dotted name (`Endpoint.Address`) may stand as one key or as nested objects. */
  readonly attributes: Readonly<Record<string, unknown>>;
}
