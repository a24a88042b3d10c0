import { AwsError } from '../world/failure.ts';

/** Refuses to create what another stack or a person has made: CloudFormation takes over nothing. The text is CloudFormation's. */
export function refuseIfThere(type: string, identifier: string, there: boolean): void {
  if (there)
    throw new AwsError('AlreadyExists', `Resource of type '${type}' with identifier '${identifier}' already exists.`);
}
