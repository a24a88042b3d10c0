/** Who makes a call. ARNs are as `GetCallerIdentity` shows them. */
export type Principal = UserPrincipal | SessionPrincipal | RootPrincipal | ServicePrincipal | AnonymousPrincipal;

/** An IAM user. */
export interface UserPrincipal {
  readonly type: 'user';
  readonly account: string;
  readonly arn: string;
  readonly userId: string;
}

/** A session of a role, made by AssumeRole. */
export interface SessionPrincipal {
  readonly type: 'role-session';
  readonly account: string;
  /** `arn:aws:sts::<account>:assumed-role/<role name>/<session name>`; holds no path. */
  readonly arn: string;
  /** The role's ARN with its path: what `aws:PrincipalArn` holds. */
  readonly roleArn: string;
  readonly userId: string;
  /** Session policies given to AssumeRole, as JSON documents. */
  readonly policies?: readonly unknown[];
  /** Session tags, as `aws:PrincipalTag/<key>`. */
  readonly tags?: Readonly<Record<string, string>>;
  /** Keys of session tags that go on to the sessions this one makes. */
  readonly transitiveTags?: readonly string[];
  /** Who is behind it, for all sessions that follow: `aws:SourceIdentity`. */
  readonly sourceIdentity?: string;
  /** World time in milliseconds at which the session began: `aws:TokenIssueTime`. */
  readonly issuedAt?: number;
}

/** The root of an account. */
export interface RootPrincipal {
  readonly type: 'root';
  readonly account: string;
  readonly arn: string;
}

/** An AWS service acting by itself, such as EventBridge invoking a function on behalf of a rule. */
export interface ServicePrincipal {
  readonly type: 'service';
  /** `events.amazonaws.com`. */
  readonly service: string;
  /** The resource on whose behalf it acts: `aws:SourceArn`. */
  readonly sourceArn?: string;
  /** The account of that resource: `aws:SourceAccount`. */
  readonly sourceAccount?: string;
}

/** A request without a signature. */
export interface AnonymousPrincipal {
  readonly type: 'anonymous';
}

/** How messages and the journal name a principal. */
export function principalName(principal: Principal): string {
  switch (principal.type) {
    case 'service':
      return principal.service;
    case 'anonymous':
      return 'anonymous';
    default:
      return principal.arn;
  }
}
