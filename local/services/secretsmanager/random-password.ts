import { z } from 'zod';
import type { Chance } from '../../world/chance.ts';
import { AwsError } from '../../world/failure.ts';
import { flag, numeric } from '../../world/properties.ts';
import { operation } from '../../world/service.ts';

/** What a generated password is made of; all kinds of characters, 32 of them, when nothing is said. */
export const passwordShape = {
  PasswordLength: numeric.pipe(z.number().int().min(1).max(4096)).default(32),
  ExcludeCharacters: z.string().max(4096).default(''),
  ExcludeNumbers: flag.default(false),
  ExcludePunctuation: flag.default(false),
  ExcludeUppercase: flag.default(false),
  ExcludeLowercase: flag.default(false),
  IncludeSpace: flag.default(false),
  RequireEachIncludedType: flag.default(true),
};

const shape = z.object(passwordShape);

/** A password of the world's chance. Throws InvalidParameterException when no character is left. */
export function randomPassword(chance: Chance, wanted: z.output<typeof shape>): string {
  const kinds = [
    ...(wanted.ExcludeUppercase ? [] : ['ABCDEFGHIJKLMNOPQRSTUVWXYZ']),
    ...(wanted.ExcludeLowercase ? [] : ['abcdefghijklmnopqrstuvwxyz']),
    ...(wanted.ExcludeNumbers ? [] : ['0123456789']),
    ...(wanted.ExcludePunctuation ? [] : ['!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~']),
    ...(wanted.IncludeSpace ? [' '] : []),
  ]
    .map((kind) => [...kind].filter((character) => !wanted.ExcludeCharacters.includes(character)).join(''))
    .filter((kind) => kind !== '');
  const required = wanted.RequireEachIncludedType ? kinds : [];
  if (kinds.length === 0 || required.length > wanted.PasswordLength)
    throw new AwsError('InvalidParameterException', 'The password has no room for the characters that it must hold.');
  const characters = [
    ...required.map((kind) => chance.text(1, kind)),
    ...chance.text(wanted.PasswordLength - required.length, kinds.join('')),
  ];
  for (let last = characters.length - 1; last > 0; last--) {
    const other = Math.floor(chance.fraction() * (last + 1));
    [characters[last], characters[other]] = [characters[other] ?? '', characters[last] ?? ''];
  }
  return characters.join('');
}

/** A password that is kept nowhere. */
export const getRandomPassword = operation({
  input: shape,
  access: () => [{ action: 'secretsmanager:GetRandomPassword', resource: '*' }],
  run: (wanted, { world }) => ({ RandomPassword: randomPassword(world.chance, wanted) }),
});
