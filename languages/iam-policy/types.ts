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
  /** Condition keys and their values. Complete: nothing is derived here. A key that is not in it, or has no values, is missing. */
  readonly context: Readonly<Record<string, string | readonly string[]>>;
}

/** A policy with the name a person knows it by. */
export interface NamedPolicy {
  readonly name: string;
  readonly document: PolicyDocument;
  /** For organisation policies: the root, unit or account it is attached to. Each level that occurs has to allow. */
  readonly level?: string;
}

/** All policies that concern one request. */
export interface Policies {
  readonly identity: readonly NamedPolicy[];
  readonly boundary?: NamedPolicy;
  readonly session?: readonly NamedPolicy[];
  readonly resource?: NamedPolicy;
  /** `trust`: a role's trust policy; `key`: a KMS key policy. They alone decide whether the account's own IAM counts. */
  readonly resourceKind?: 'trust' | 'key' | 'other';
  /** Of the principal's account, complete (with `FullAWSAccess` where it is attached); absent without an organisation. */
  readonly serviceControl?: readonly NamedPolicy[];
  /** Of the resource's account, complete (with `RCPFullAWSAccess`); absent without an organisation. */
  readonly resourceControl?: readonly NamedPolicy[];
}

/** What was decided, and why, in words a person can act on. */
export interface Decision {
  readonly allowed: boolean;
  readonly reason: 'allowed' | 'explicit-deny' | 'implicit-deny';
  /** A clause to stand behind "because": which statement allowed or denied, or what is missing and where it would have to stand. */
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

/** A parsed statement. Of each pair (`actions`/`notActions`, …) at most one is set; principals only in resource policies. */
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
  /** Whether `${…}` stands for a value: only since version 2012-10-17. */
  readonly variables: boolean;
}

/** Who a statement names: `anyone` for `*`, else values by kind. */
export interface PrincipalSet {
  readonly anyone: boolean;
  /** ARNs or account ids. */
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
