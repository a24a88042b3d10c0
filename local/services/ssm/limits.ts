import { AwsError } from '../../world/failure.ts';
import type { Parameter } from './tables.ts';

const invalid = (text: string) => new AwsError('ValidationException', text);

/** Refuses names that AWS reserves, and hierarchies that are not absolute or too deep. Source: the Systems Manager guide, "Parameter names". */
export function checkName(name: string): void {
  const levels = name.split('/').filter((level) => level !== '');
  if (/^\/?aws/i.test(name))
    throw new AwsError('AccessDeniedException', `No access to reserved parameter name: ${name}.`);
  if (/^\/?ssm/i.test(name))
    throw invalid(
      'Parameter name: can\'t be prefixed with "ssm" (case-insensitive). If formed as a path, it can consist of sub-paths divided by slash symbol; each sub-path can be formed as a mix of letters, numbers and the following 3 symbols .-_',
    );
  if (name.includes('/') && !name.startsWith('/')) throw invalid('Parameter name must be a fully qualified name.');
  if (name.endsWith('/') || name.includes('//')) throw invalid(`Parameter name ${name} has an empty level.`);
  if (levels.length > 15)
    throw new AwsError(
      'HierarchyLevelLimitExceededException',
      'A hierarchy can have a maximum of 15 levels. To learn more, see Requirements and constraints for parameter names in the AWS Systems Manager User Guide.',
    );
}

/** Which tier a value takes; an advanced parameter stays one. Throws ValidationException for values that are too long. */
export function tierOf(
  asked: 'Standard' | 'Advanced' | 'Intelligent-Tiering' | undefined,
  value: string,
  known: Parameter['tier'] | undefined,
): Parameter['tier'] {
  const large = Buffer.byteLength(value) > 4096;
  if (Buffer.byteLength(value) > 8192)
    throw invalid('Advanced tier parameters support a maximum parameter value of 8192 characters.');
  const tier = asked === 'Intelligent-Tiering' ? (large ? 'Advanced' : 'Standard') : (asked ?? 'Standard');
  if (tier === 'Standard' && known === 'Advanced') return 'Advanced';
  if (tier === 'Standard' && large)
    throw invalid(
      'Standard tier parameters support a maximum parameter value of 4096 characters. To create a larger parameter value, upgrade the parameter to use the advanced-parameter tier. For more information, see https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html',
    );
  return tier;
}
