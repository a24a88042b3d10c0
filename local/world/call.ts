import { AwsError, accessDenied } from './failure.ts';
import { type Principal, principalName } from './principal.ts';
import type { Access, Call, Operation, Place } from './service.ts';
import type { Attempt, World } from './world.ts';

/** What to call, as whom, where, and because of what. */
export interface CallRequest extends Place {
  readonly caller: Principal;
  /** Signing name: `events`. */
  readonly service: string;
  /** `PutEvents`. */
  readonly operation: string;
  readonly input: unknown;
  /** The journal entry that led to this call. */
  readonly cause?: string;
  readonly requestId?: string;
}

/**
 * Makes one API call: shape of the input, then IAM, then the operation. The wire comes through here and so do services that
 * call each other, so that no call escapes the decision or the journal. Throws {@link AwsError}.
 */
export async function call<Output>(world: World, request: CallRequest): Promise<Output> {
  for (const each of world.interference) await each.before?.(request);
  try {
    return (await perform(world, request)) as Output;
  } finally {
    for (const each of world.interference) await each.after?.(request);
  }
}

async function perform(world: World, request: CallRequest): Promise<unknown> {
  const declared = findOperation(world, request);
  const input = parseInput(declared, request) as never;
  const asked = { ...request, world, requestId: request.requestId ?? world.chance.uuid() };
  const accesses = await declared.access(input, asked);
  const cause = authorize(world, request, accesses);
  return declared.run(input, { ...asked, cause } satisfies Call);
}

function findOperation(world: World, { service, operation }: Attempt): Operation {
  const found = world.services[service];
  if (found === undefined) throw new AwsError('UnknownService', `${service} is not played by the local cloud`, 501);
  const declared = Object.hasOwn(found.operations, operation) ? found.operations[operation] : undefined;
  if (declared === undefined) {
    throw new AwsError('UnknownOperationException', `${service}:${operation} is not played by the local cloud`, 501);
  }
  return declared;
}

function parseInput(declared: Operation, { input }: Attempt): unknown {
  const parsed = declared.input.safeParse(input ?? {});
  if (parsed.success) return parsed.data;
  const mistakes = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'input'}: ${issue.message}`);
  throw new AwsError(
    'ValidationException',
    `${mistakes.length} validation error${mistakes.length > 1 ? 's' : ''} detected: ${mistakes.join('; ')}`,
  );
}

/** Judges every access and journals the call with the decision; throws on the first refusal. */
function authorize(world: World, request: CallRequest, accesses: readonly Access[]): string {
  const judged = accesses.map((access) => ({ access, decision: world.judge(world, request.caller, access, request) }));
  const refused = judged.find(({ decision }) => !decision.allowed);
  const name = principalName(request.caller);
  const what = `${request.service}:${request.operation}`;
  const id = world.journal.write({
    kind: 'call',
    ...(request.cause === undefined ? {} : { cause: request.cause }),
    account: request.account,
    region: request.region,
    subject: (refused ?? judged[0])?.access.resource ?? what,
    text: refused
      ? `${name} may not ${refused.access.action}: ${refused.decision.explanation}`
      : `${name} called ${what}`,
    allowed: refused === undefined,
    detail: {
      caller: name,
      operation: what,
      decisions: judged.map(({ access, decision }) => ({
        action: access.action,
        resource: access.resource,
        allowed: decision.allowed,
        explanation: decision.explanation,
      })),
    },
  });
  if (refused) throw accessDenied(name, refused.access.action, refused.access.resource, refused.decision.explanation);
  return id;
}
