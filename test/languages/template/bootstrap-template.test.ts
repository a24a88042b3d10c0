import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { evaluateConditions } from '../../../languages/template/conditions.ts';
import { dependencyOrder } from '../../../languages/template/dependency-order.ts';
import { resolveParameters } from '../../../languages/template/parameters.ts';
import { parseTemplate } from '../../../languages/template/parse.ts';
import { resolve } from '../../../languages/template/resolve.ts';
import type { Scope } from '../../../languages/template/types.ts';
import { pseudo } from './a-scope.ts';

const file = new URL('../../../node_modules/aws-cdk/lib/api/bootstrap/bootstrap-template.yaml', import.meta.url);
const template = parseTemplate(readFileSync(file, 'utf8'), 'bootstrap-template.yaml');

/** The resources as CloudFormation would create them, in the order of their creation. */
const bootstrapped = (given: Record<string, string>) => {
  const parameters = resolveParameters(template, given);
  const conditions = evaluateConditions(template, { parameters, pseudo });
  const made = new Set<string>();
  const resource: Scope['resource'] = (id) =>
    made.has(id) ? { ref: id, attributes: { Arn: `arn:${id}`, RegionalDomainName: 'x' } } : undefined;
  const scope = { parameters, pseudo, conditions, mappings: template.mappings, resource };
  return dependencyOrder(template, conditions).map((id) => {
    const properties = resolve(template.resources[id]?.properties, scope, ['Resources', id]);
    made.add(id);
    return [id, properties as Record<string, unknown>] as const;
  });
};

test("CDK's own bootstrap template, written by hand in YAML, is read, ordered and resolved", () => {
  const resources = new Map(bootstrapped({}));

  expect(resources.get('StagingBucket')).toMatchObject({
    BucketName: 'cdk-hnb659fds-assets-111111111111-eu-west-1',
    VersioningConfiguration: { Status: 'Enabled' },
  });
  expect(resources.get('CdkBootstrapVersion')).toMatchObject({ Name: '/cdk-bootstrap/hnb659fds/version' });
  expect(resources.has('FileAssetsBucketEncryptionKey')).toBe(true);
});

test('its parameters decide which of its resources exist and what they trust', () => {
  const given = {
    TrustedAccounts: '222222222222, 333333333333',
    FileAssetsBucketKmsKeyId: 'AWS_MANAGED_KEY',
    Qualifier: 'abc',
  };

  const resources = new Map(bootstrapped(given));

  expect(resources.has('FileAssetsBucketEncryptionKey')).toBe(false);
  const trust = JSON.stringify(resources.get('DeploymentActionRole')?.['AssumeRolePolicyDocument']);
  expect(trust).toContain('["222222222222","333333333333"]');
  expect(resources.get('DeploymentActionRole')).toMatchObject({
    RoleName: 'cdk-abc-deploy-role-111111111111-eu-west-1',
  });
});
