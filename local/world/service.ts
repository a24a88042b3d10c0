import type { z } from 'zod';
import type { Principal } from './principal.ts';
import type { World } from './world.ts';

/** An account in a region: where a thing is. */
export interface Place {
  /** 12 digits. */
  readonly account: string;
  readonly region: string;
}

/** One API call on its way: who calls, where, and because of what. Operations get it as their second argument. */
export interface Call extends Place {
  readonly world: World;
  readonly caller: Principal;
  /** The signing name of the service called. */
  readonly service: string;
  /** The API's name of the operation, as `PutEvents`. */
  readonly operation: string;
  readonly requestId: string;
  /** The journal entry of this call: what follows from it names it as its cause. */
  readonly cause: string;
}

/** A policy attached to a resource, with the name a person knows it by ("the policy of bus mergecast-prod"). */
export interface ResourcePolicy {
  readonly name: string;
  readonly document: unknown;
  readonly kind?: 'trust' | 'key' | 'other';
}

/** One question to IAM: may the caller do `action` on `resource`? */
export interface Access {
  /** `events:PutEvents`. */
  readonly action: string;
  /** An ARN, or `*` for actions without a resource. */
  readonly resource: string;
  /** Who owns the resource, when it is not the account of the call. */
  readonly owner?: string;
  /** The service's own condition keys; the global ones are added by the judge. */
  readonly context?: Readonly<Record<string, string | readonly string[]>>;
  readonly policy?: ResourcePolicy;
}

/** How a REST operation is addressed. `{name}` in `path` is one segment, `{name+}` the rest of the path. */
export interface HttpBinding {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE' | 'HEAD' | 'PATCH';
  readonly path: string;
  /** Query parameter to input member. */
  readonly query?: Readonly<Record<string, string>>;
  /** Lower-case request header to input member. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The input member that is the whole body, as a Buffer; otherwise the body is JSON. */
  readonly payload?: string;
  /** The output member that is the whole response body (Buffer or string). */
  readonly answers?: string;
  /** Output member to response header. */
  readonly answerHeaders?: Readonly<Record<string, string>>;
  /** The output member that is the HTTP status; or the constant status. 200 when left out. */
  readonly status?: number | string;
}

/** What is simpler here than on AWS: one sentence, in which nothing stands that AWS does too. It becomes a row of the fidelity table. */
interface Simplified {
  readonly simplified?: string;
}

/** One API operation, with its input's shape, the permission it takes and what it does. */
export interface Operation extends Simplified {
  /** Unknown members are dropped, as AWS does; anything else that does not fit is a `ValidationException`. */
  readonly input: z.ZodType;
  /** All must be allowed before `run`. An empty list means that AWS asks for no permission. May throw when the resource does not exist. */
  readonly access: (input: never, call: Omit<Call, 'cause'>) => readonly Access[] | Promise<readonly Access[]>;
  /** Members that are Date are written as the protocol writes times, Buffers in base64. */
  readonly run: (input: never, call: Call) => unknown;
  readonly http?: HttpBinding;
  /** True for actions that only services use among themselves (codecommit:UploadArchive): the wire does not offer them. */
  readonly internal?: boolean;
}

/** Declares an operation; its input's type follows from its schema. */
export function operation<Input extends z.ZodType>(declared: {
  readonly input: Input;
  readonly access: (
    input: z.output<Input>,
    call: Omit<Call, 'cause'>,
  ) => readonly Access[] | Promise<readonly Access[]>;
  readonly run: (input: z.output<Input>, call: Call) => unknown;
  readonly http?: HttpBinding;
  readonly internal?: boolean;
  readonly simplified?: string;
}): Operation {
  return declared;
}

/** A service: its table of operations. What is not in the table is refused by name. `simplified` is of the service as a whole. */
export interface Service extends Simplified {
  /** The signing name, which is the IAM prefix too: `events`. */
  readonly name: string;
  /** Prefix of `X-Amz-Target` for the JSON protocols: `AWSEvents`. */
  readonly targetPrefix?: string;
  /** `1.0` or `1.1`: the JSON protocol's version in answers. */
  readonly jsonVersion?: '1.0' | '1.1';
  /** XML namespace of the Query protocol's answers: `https://sts.amazonaws.com/doc/2011-06-15/`. */
  readonly queryNamespace?: string;
  /** For a service whose Query answers are flattened: the answer with the Query names, its lists then being repeated elements. */
  readonly flattened?: (output: unknown, operation: string) => unknown;
  readonly operations: Readonly<Record<string, Operation>>;
}

/** What CloudFormation does for a resource: where, in which stack, and with whose permissions. */
export interface ResourceCall extends Place {
  readonly world: World;
  readonly stackName: string;
  readonly stackId: string;
  readonly logicalId: string;
  /** Who deploys: the deployment role's session, or the account's administrator for stacks played at start. */
  readonly caller: Principal;
  readonly cause: string;
  /** Stack tags, to be set on what is created. */
  readonly tags: Readonly<Record<string, string>>;
}

/** A resource as CloudFormation knows it once it exists. */
export interface Placed {
  /** What `Ref` answers. */
  readonly physicalId: string;
  /** What `Fn::GetAtt` answers; nested names with dots as keys (`Endpoint.Address`). */
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** How CloudFormation creates, changes and deletes one resource type. */
export interface ResourceModel extends Simplified {
  /** A strict object: a property that is not modelled is refused by name. */
  readonly properties: z.ZodType;
  /** The permissions the deploying principal needs, as CloudFormation's own handlers use them. */
  readonly access?: (properties: never, at: ResourceCall, change: 'create' | 'update' | 'delete') => readonly Access[];
  /**
   * Creates, or updates when `previous` is given. Answering another physical id than before means replacement: the old one is
   * removed after the stack's other changes.
   */
  readonly put: (properties: never, at: ResourceCall, previous?: Existing<never>) => Placed | Promise<Placed>;
  /** Deletes; a thing that is already gone is no error. Without it, the type cannot be deleted by a stack. */
  readonly remove?: (existing: Existing<never>, at: ResourceCall) => void | Promise<void>;
}

/** A resource that a stack has already made, with the properties it was made from. */
export interface Existing<Properties> extends Placed {
  readonly properties: Properties;
}

/** Declares a resource type; its properties' type follows from its schema. */
export function resource<Properties extends z.ZodType>(declared: {
  readonly properties: Properties;
  readonly access?: (
    properties: z.output<Properties>,
    at: ResourceCall,
    change: 'create' | 'update' | 'delete',
  ) => readonly Access[];
  readonly put: (
    properties: z.output<Properties>,
    at: ResourceCall,
    previous?: Existing<z.output<Properties>>,
  ) => Placed | Promise<Placed>;
  readonly remove?: (existing: Existing<z.output<Properties>>, at: ResourceCall) => void | Promise<void>;
  readonly simplified?: string;
}): ResourceModel {
  return declared;
}
