import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const rooms = [
  'shared',
  'events',
  'languages',
  'devops-account',
  'workload-account',
  'assembly',
  'local',
  'audit',
  'cli',
];

interface Import {
  readonly from: string;
  readonly to: string;
}

const files = [
  ...rooms.flatMap((room) =>
    readdirSync(join(root, room), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.(ts|mjs)$/.test(entry.name))
      .map((entry) => relative(root, join(entry.parentPath, entry.name))),
  ),
  'organisation.ts',
  'app.ts',
];

/** Every import, static or dynamic, of every file: ours by path, packages by name. */
const imports: readonly Import[] = files.flatMap((from) => {
  const text = readFileSync(join(root, from), 'utf8');
  const named = [
    ...text.matchAll(
      /(?:^|\n)(?:import|export)\s[^'"]*?from\s+'([^']+)'|import\('([^']+)'\)|(?:^|\n)import\s+'([^']+)'/g,
    ),
  ];
  return named
    .map(([, a, b, c]) => a ?? b ?? c ?? '')
    .map((to) => ({ from, to: to.startsWith('.') ? relative(root, resolve(root, dirname(from), to)) : to }));
});

const within = (path: string, folders: readonly string[]) =>
  folders.some((folder) => path === folder || path.startsWith(`${folder}/`));
const isOurs = (path: string) => within(path, [...rooms, 'organisation.ts', 'app.ts', 'examples', 'test', 'bench']);
const isHandler = (path: string) => /^(devops|workload)-account\/handlers\//.test(path);

interface Rule {
  readonly because: string;
  readonly of: (from: string) => boolean;
  readonly mayImport: (to: string) => boolean;
}

/** The parts of `npm start`. */
const playersOfClouds = [
  'commands/start.ts',
  'commands/run.ts',
  'once.ts',
  'follow.ts',
  'pipelines.ts',
  'profiles.ts',
  'trial.ts',
].map((file) => `cli/${file}`);

/** Who may import what of ours: imports point left, data moves right. */
const rules: readonly Rule[] = [
  {
    because: 'shared/ is what both sides agree on, so it rests on nothing of ours',
    of: (from) => within(from, ['shared']),
    mayImport: (to) => within(to, ['shared']),
  },
  {
    because: 'messages are words about what is shared',
    of: (from) => within(from, ['events']),
    mayImport: (to) => within(to, ['events', 'shared']),
  },
  {
    because: "AWS's languages are pure functions that could leave the repository",
    of: (from) => within(from, ['languages']),
    mayImport: (to) => within(to, ['languages', 'shared/fault.ts']),
  },
  {
    because: 'the DevOps account never knows how an environment is built',
    of: (from) => within(from, ['devops-account']),
    mayImport: (to) => within(to, ['devops-account', 'events', 'shared']),
  },
  {
    because: 'an environment never knows how the DevOps account is built',
    of: (from) => within(from, ['workload-account']),
    mayImport: (to) => within(to, ['workload-account', 'events', 'shared']),
  },
  {
    because: 'cdk.out is a wall: its reader knows templates and not who made them',
    of: (from) => within(from, ['assembly']),
    mayImport: (to) => within(to, ['assembly', 'languages', 'shared/fault.ts']),
  },
  {
    because: 'the local cloud plays what stands in cdk.out and nothing else, as AWS does',
    of: (from) => within(from, ['local']),
    mayImport: (to) => within(to, ['local', 'assembly', 'languages', 'shared/fault.ts']),
  },
  {
    because: 'auditors judge templates and read trails; what they say must not depend on the local cloud',
    of: (from) => within(from, ['audit']),
    mayImport: (to) => within(to, ['audit', 'assembly', 'languages', 'events', 'shared']),
  },
  {
    because: 'the command line speaks the AWS API and asks the auditors',
    of: (from) => within(from, ['cli']) && !playersOfClouds.includes(from),
    mayImport: (to) => within(to, ['cli', 'audit', 'assembly', 'events', 'shared']),
  },
  {
    because: 'only what serves `npm start` and `mergecast run` opens the one door of the local cloud',
    of: (from) => playersOfClouds.includes(from),
    mayImport: (to) => within(to, ['cli', 'events', 'shared', 'local/play.ts']),
  },
  {
    because: 'the organisation file holds facts only',
    of: (from) => from === 'organisation.ts',
    mayImport: (to) => to === 'shared/organisation-schema.ts',
  },
];

test.each(rules.map((rule) => [rule.because, rule] as const))('%s', (_because, rule) => {
  const broken = imports.filter(({ from, to }) => rule.of(from) && isOurs(to) && !rule.mayImport(to));

  expect(broken).toEqual([]);
});

test('only app.ts imports the organisation file', () => {
  expect(imports.filter(({ from, to }) => to === 'organisation.ts' && from !== 'app.ts')).toEqual([]);
});

test('handlers never load the CDK, which would come along into their bundle', () => {
  const seen = new Set(files.filter(isHandler));
  for (const from of seen)
    for (const each of imports.filter((other) => other.from === from && isOurs(other.to))) seen.add(each.to);

  expect(
    imports.filter(({ from, to }) => seen.has(from) && (to.startsWith('aws-cdk-lib') || to === 'constructs')),
  ).toEqual([]);
});

test('only the assembly reads cdk.out', () => {
  const readers = files.filter((file) => /manifest\.json|\.assets\.json/.test(readFileSync(join(root, file), 'utf8')));

  expect(readers.filter((file) => !within(file, ['assembly']))).toEqual([]);
});

test('no import goes in a circle, but for types', () => {
  const edges = new Map<string, string[]>();
  for (const { from, to } of imports.filter(({ from, to }) => isOurs(to) && !typeOnly(from, to)))
    edges.set(from, [...(edges.get(from) ?? []), to]);

  expect(circleIn(edges)).toEqual([]);
});

function typeOnly(from: string, to: string): boolean {
  const name = to.split('/').pop() ?? to;
  const lines =
    readFileSync(join(root, from), 'utf8').match(
      new RegExp(`(?:import|export)\\s[^;]*?from\\s+'[^']*${name.replace('.', '\\.')}'`, 'g'),
    ) ?? [];
  return lines.every((line) => /^(import|export) type/.test(line));
}

function circleIn(edges: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const done = new Set<string>();
  const walk = (at: string, path: readonly string[]): readonly string[] => {
    if (path.includes(at)) return [...path.slice(path.indexOf(at)), at];
    if (done.has(at)) return [];
    for (const next of edges.get(at) ?? []) {
      const circle = walk(next, [...path, at]);
      if (circle.length > 0) return circle;
    }
    done.add(at);
    return [];
  };
  for (const start of edges.keys()) {
    const circle = walk(start, []);
    if (circle.length > 0) return circle;
  }
  return [];
}
