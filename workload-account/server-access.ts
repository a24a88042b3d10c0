import type { Role } from 'aws-cdk-lib/aws-iam';
import { allow } from '../shared/constructs/allow.ts';
import {
  artifactBucketName,
  artifactKeyAlias,
  artifactObjects,
  type NamedEnvironment,
  pipelineName,
} from '../shared/names.ts';

/**
 * Lets servers fetch what `deployServers` brings them: the one artifact of a repository's pipeline, by names alone, so that the servers'
 * stack waits for no other. The agent on a server reads it as the role of its instance profile.
 */
export function allowArtifact(role: Role, environment: NamedEnvironment, repository: string, artifact = 'Build'): void {
  const { account, region, name } = environment;
  const objects = artifactObjects(pipelineName(repository, name), artifact);
  allow(
    role,
    'FetchRevision',
    ['s3:GetObject', 's3:GetObjectVersion'],
    [`arn:aws:s3:::${artifactBucketName(environment)}/${objects}`],
    { openBecause: 'artifacts have names by chance' },
  );
  allow(role, 'ReadRevision', ['kms:Decrypt'], [`arn:aws:kms:${region}:${account}:key/*`], {
    conditions: { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': artifactKeyAlias(name) } },
    openBecause: "a key's id is by chance, so its alias narrows it",
  });
}
