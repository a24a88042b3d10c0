/** A refusal as AWS makes it: AWS's code and text, and the HTTP status. The wire turns it into the protocol's error shape. */
export class AwsError extends Error {
  readonly code: string;
  /** HTTP status; 4xx is the caller's mistake. */
  readonly status: number;
  /** Further members of the error's shape, such as `BucketName`. */
  readonly members: Readonly<Record<string, unknown>>;

  constructor(code: string, message: string, status = 400, members: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.name = code;
    this.code = code;
    this.status = status;
    this.members = members;
  }
}

/** AWS's text when IAM refuses; `explanation` tells which statement is missing or denied, as the journal does. */
export const accessDenied = (arn: string, action: string, resource: string, explanation: string): AwsError =>
  new AwsError(
    'AccessDeniedException',
    `User: ${arn} is not authorized to perform: ${action} on resource: ${resource} because ${explanation}`,
    403,
  );
