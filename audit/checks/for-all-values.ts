import type { Check } from './check.ts';

/** Keys that hold several values, for which the operator is meant. Source: the key tables of the service authorization reference. */
const multivalued = [
  /^aws:(tagkeys|calledvia|principalorgpaths|resourceorgpaths|sourceorgpaths|principalservicenameslist)$/,
  /^kms:(resourcealiases|encryptioncontextkeys|grantoperations)$/,
  /^dynamodb:(leadingkeys|attributes)$/,
  /^events:targetarn$/,
  /^(codecommit:references|route53:.*|secretsmanager:.*|ssm:.*|cloudformation:(resourcetypes|importresourcetypes))$/,
];

/** `ForAllValues` on a key with one value is true when the key is missing, so an Allow with it protects nothing. */
export const forAllValues: Check = ({ permissions }) =>
  permissions.all.flatMap(({ written, policy }) =>
    policy.document.statements.flatMap(({ effect, conditions }) =>
      conditions
        .filter(
          ({ quantifier, key }) =>
            effect === 'Allow' &&
            quantifier === 'ForAllValues' &&
            !multivalued.some((pattern) => pattern.test(key.toLowerCase())),
        )
        .map(({ operator, key, values }) => ({
          resource: written,
          problem: `${key} has one value, and ForAllValues also holds when it is missing`,
          value: { [`ForAllValues:${operator}`]: { [key]: values } },
          mend: `write ${operator} without ForAllValues`,
        })),
    ),
  );
