/** Who makes a request, as policies see it. */
export type RequestPrincipal =
  | { readonly type: 'user' | 'root'; readonly account: string; readonly arn: string }
  | {
      readonly type: 'role-session';
      readonly account: string;
      /** The assumed-role ARN. */
      readonly arn: string;
      /** The ARN of its role, with path. */
      readonly roleArn: string;
    }
  | { readonly type: 'service'; readonly service: string }
  | { readonly type: 'anonymous' };

/** One question: may this principal do this action on this resource? */
export interface Request {
  readonly principal: RequestPrincipal;
  /** `events:PutEvents`. */
  readonly action: string;
  /** An ARN, or `*`. */
  readonly resource: string;
  /** 12 digits: the account that owns the resource. */
  readonly resourceAccount: string;
  /** Condition keys and their values. Complete: nothing is derived here. A key that is not in it is missing. */
  readonly context: Readonly<Record<string, string | readonly string[]>>;
}

/** A policy with the name a person knows it by. */
export interface NamedPolicy {
  readonly name: string;
  readonly document: PolicyDocument;
}

/** All policies that concern one request. */
export interface Policies {
  readonly identity: readonly NamedPolicy[];
  readonly boundary?: NamedPolicy;
  readonly session?: readonly NamedPolicy[];
  readonly resource?: NamedPolicy;
  /** `trust`: a role's trust policy; `key`: a KMS key policy. They alone decide whether the account's own IAM counts. */
  readonly resourceKind?: 'trust' | 'key' | 'other';
  /** One list per level of the organisation; each level must allow. */
  readonly serviceControl?: readonly NamedPolicy[];
  readonly resourceControl?: readonly NamedPolicy[];
}

/** What was decided, and why, in words a person can act on. */
export interface Decision {
  readonly allowed: boolean;
  readonly reason: 'allowed' | 'explicit-deny' | 'implicit-deny';
  /** A sentence without a full stop: which statement allowed or denied, or what is missing and where it would have to stand. */
  readonly explanation: string;
  /** The statements that decided. */
  readonly statements: readonly DecidingStatement[];
}

/** A statement that took part in a decision. */
export interface DecidingStatement {
  readonly policy: string;
  readonly sid?: string;
  readonly effect: Effect;
}

export type Effect = 'Allow' | 'Deny';

/** A parsed policy document. */
export interface PolicyDocument {
  readonly statements: readonly Statement[];
}

/** A parsed statement. Of each pair (`actions`/`notActions`, …) exactly one is set; principals only in resource policies. */
export interface Statement {
  readonly sid?: string;
  readonly effect: Effect;
  readonly actions?: readonly string[];
  readonly notActions?: readonly string[];
  readonly resources?: readonly string[];
  readonly notResources?: readonly string[];
  readonly principals?: PrincipalSet;
  readonly notPrincipals?: PrincipalSet;
  readonly conditions: readonly Condition[];
}

/** Who a statement names: `anyone` for `*`, else values by kind. */
export interface PrincipalSet {
  readonly anyone: boolean;
  /** ARNs, account ids or `*`. */
  readonly aws: readonly string[];
  readonly service: readonly string[];
}

/** One operator on one key; true when the key's value stands in `values` (or, for negated operators, in none). */
export interface Condition {
  /** The bare operator, as `StringEquals`. */
  readonly operator: string;
  readonly quantifier?: 'ForAllValues' | 'ForAnyValue';
  readonly ifExists: boolean;
  readonly key: string;
  readonly values: readonly string[];
}
