import { malformed, objectAt, show, textList } from './shape.ts';
import type { PrincipalSet } from './types.ts';

/** Reads `Principal` or `NotPrincipal`. Names are whole: only a lone star is a wildcard. Federated and canonical users name nobody here. */
export function parsePrincipals(value: unknown, at: string): PrincipalSet {
  if (value === '*') return { anyone: true, aws: [], service: [] };
  const object = objectAt(value, at, ['AWS', 'Service', 'Federated', 'CanonicalUser']);
  if (Object.keys(object).length === 0) throw malformed(at, 'names nobody');
  const names = (kind: string): readonly string[] =>
    object[kind] === undefined ? [] : textList(object[kind], `${at}.${kind}`);
  const [aws, service] = [names('AWS'), names('Service')];
  const wrong = [...aws.filter((name) => name !== '*'), ...service].find((name) => /[*?]/.test(name) || name === '');
  if (wrong !== undefined) throw malformed(at, `${show(wrong)}: Invalid principal in policy`);
  return { anyone: aws.includes('*'), aws: aws.filter((name) => name !== '*'), service };
}
