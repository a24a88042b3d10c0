import { z } from 'zod';
import { operation } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { pageOf } from '../page.ts';
import { parameterFilters, passes } from './filters.ts';
import { parameterAccess, parameterKeyAccess, requireParameter, requireVersion, selected, versionOf } from './find.ts';
import { type Parameter, type ParameterVersion, parameterArn, parameters } from './tables.ts';

const WithDecryption = z.boolean().default(false);

/** A version's value; a SecureString shows its ciphertext unless it is decrypted. */
export const valueOf = ({ value, sealed }: ParameterVersion, decrypt: boolean): string =>
  decrypt ? value : (sealed ?? value);

const shown = (parameter: Parameter, version: ParameterVersion, decrypt: boolean, selector?: string) => ({
  Name: parameter.name,
  Type: version.type,
  Value: valueOf(version, decrypt),
  Version: version.version,
  ...(selector === undefined ? {} : { Selector: `:${selector}` }),
  ARN: parameter.arn,
  LastModifiedDate: new Date(version.modifiedAt),
  DataType: version.dataType,
});

/** What decrypting a parameter asks of its key. */
export const decryption = (world: World, found: Parameter | undefined, decrypt: boolean) =>
  decrypt && found !== undefined ? parameterKeyAccess(world, 'Decrypt', found) : [];

/** One parameter by name or ARN; a version or label may stand behind a colon. */
export const getParameter = operation({
  input: z.object({ Name: z.string(), WithDecryption }),
  access: ({ Name, WithDecryption: decrypt }, call) => {
    const { name } = selected(Name);
    const found = call.world.store.in(parameters).get(parameterArn(name, call));
    return [parameterAccess('GetParameter', call, name), ...decryption(call.world, found, decrypt)];
  },
  run: ({ Name, WithDecryption: decrypt }, call) => {
    const { name, selector } = selected(Name);
    const parameter = requireParameter(call.world, name, call);
    return { Parameter: shown(parameter, requireVersion(parameter, selector), decrypt, selector) };
  },
});

/** Up to ten parameters; names that do not exist are listed, not refused. */
export const getParameters = operation({
  input: z.object({ Names: z.array(z.string()).min(1).max(10), WithDecryption }),
  access: ({ Names, WithDecryption: decrypt }, call) =>
    Names.flatMap((text) => {
      const { name } = selected(text);
      const found = call.world.store.in(parameters).get(parameterArn(name, call));
      return [parameterAccess('GetParameters', call, name), ...decryption(call.world, found, decrypt)];
    }),
  run: ({ Names, WithDecryption: decrypt }, call) => {
    const found = [...new Set(Names)].map((text) => {
      const { name, selector } = selected(text);
      const parameter = call.world.store.in(parameters).get(parameterArn(name, call));
      const version = parameter && versionOf(parameter, selector);
      return { text, answer: version && shown(parameter, version, decrypt, selector) };
    });
    return {
      Parameters: found.flatMap(({ answer }) => (answer === undefined ? [] : [answer])),
      InvalidParameters: found.flatMap(({ text, answer }) => (answer === undefined ? [text] : [])),
    };
  },
});

const below = (path: string): string => (path.endsWith('/') ? path : `${path}/`);

const underPath = (
  { world, account, region }: { world: World; account: string; region: string },
  path: string,
  recursive: boolean,
) =>
  world.store
    .in(parameters)
    .where((row) => row.account === account && row.region === region && row.name.startsWith(below(path)))
    .filter(({ name }) => recursive || !name.slice(below(path).length).includes('/'))
    .sort((one, other) => (one.name < other.name ? -1 : 1));

/** The parameters below a path: of one level, or of all. */
export const getParametersByPath = operation({
  input: z.object({
    Path: z.string().startsWith('/'),
    Recursive: z.boolean().default(false),
    ParameterFilters: parameterFilters(['Type', 'KeyId', 'Label']),
    WithDecryption,
    MaxResults: z.number().int().min(1).max(10).default(10),
    NextToken: z.string().optional(),
  }),
  access: ({ Path, Recursive, WithDecryption: decrypt }, call) => [
    parameterAccess('GetParametersByPath', call, Path === '/' ? Path : Path.replace(/\/$/, ''), {
      'ssm:Recursive': String(Recursive),
    }),
    ...underPath(call, Path, Recursive).flatMap((each) => decryption(call.world, each, decrypt)),
  ],
  run: ({ Path, Recursive, ParameterFilters, WithDecryption: decrypt, MaxResults, NextToken }, call) => {
    const found = underPath(call, Path, Recursive).filter((each) =>
      ParameterFilters.every((filter) => passes(each, filter)),
    );
    const { items, next } = pageOf(found, NextToken, MaxResults, 'InvalidNextToken');
    return {
      Parameters: items.map((parameter) => shown(parameter, parameter, decrypt)),
      ...(next === undefined ? {} : { NextToken: next }),
    };
  },
});
