import { AwsError } from '../../world/failure.ts';

/** Why a delivery failed, in the words of EventBridge's dead-letter attributes. */
export interface Failure {
  /** `NO_PERMISSIONS`. Source: facts 2.7. */
  readonly code: string;
  readonly message: string;
  /** Whether EventBridge tries again. Missing permission and a missing target it takes as final. */
  readonly retryable: boolean;
}

/** Thrown by a sender that knows EventBridge's own code. */
export class DeliveryFailure extends Error {
  readonly code: string;
  readonly retryable: boolean;

  constructor(code: string, message: string, retryable = false) {
    super(message);
    this.name = code;
    this.code = code;
    this.retryable = retryable;
  }
}

/** EventBridge's code for what a target answered. */
export function classify(error: unknown): Failure {
  if (error instanceof DeliveryFailure) return { code: error.code, message: error.message, retryable: error.retryable };
  if (!(error instanceof AwsError)) {
    return { code: 'INTERNAL_ERROR', message: error instanceof Error ? error.message : String(error), retryable: true };
  }
  const { code, message, status } = error;
  if (/AccessDenied|AuthorizationError|NotAuthorized|Forbidden/.test(code))
    return { code: 'NO_PERMISSIONS', message, retryable: false };
  if (/NotFound|NonExistent|DoesNotExist|NoSuch/.test(code)) return { code: 'NO_RESOURCE', message, retryable: false };
  if (/Throttl|TooManyRequests|LimitExceeded|SlowDown/.test(code) || status === 429)
    return { code: 'THROTTLING', message, retryable: true };
  if (status >= 500 && status !== 501) return { code: 'ERROR_FROM_TARGET', message, retryable: true };
  return {
    code: /Validation|Invalid/.test(code) ? 'INVALID_PARAMETER' : 'SDK_CLIENT_ERROR',
    message,
    retryable: false,
  };
}
