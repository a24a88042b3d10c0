import { AwsError } from '../../world/failure.ts';

/** The member of a refusal whose members are response headers and no elements of the error document. */
export const headerMember = '@headers';

/** Members of a refusal that clients are told in headers, by the API's member names. */
export const headersOf = (members: Readonly<Record<string, unknown>>): Record<string, unknown> => ({
  [headerMember]: members,
});

/** S3's InvalidArgument with the argument's name and value. */
export const invalidArgument = (text: string, name: string, value: unknown): AwsError =>
  new AwsError('InvalidArgument', text, 400, { ArgumentName: name, ArgumentValue: value });

/** S3's InvalidRequest. */
export const invalidRequest = (text: string): AwsError => new AwsError('InvalidRequest', text);

/** What S3 says of a body that is no XML, or not the XML of its operation. */
export const malformedXml = (): AwsError =>
  new AwsError(
    'MalformedXML',
    'The XML you provided was not well-formed or did not validate against our published schema',
  );

/** A conditional request whose condition does not hold. */
export const preconditionFailed = (condition: string): AwsError =>
  new AwsError('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', 412, {
    Condition: condition,
  });

/** Object Lock keeps a version. */
export const lockedObject = (): AwsError =>
  new AwsError('AccessDenied', 'Access Denied because object protected by object lock.', 403);
