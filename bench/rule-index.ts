/**
 * How many events a second one core holds against many rules: JSON text in, set of rule ids out. `npx tsx bench/rule-index.ts` prints two tables
 * and fails when a promise is broken: 250,000 events/s for rules of our shape at every size, the largest at most 1.5 times slower than
 * the smallest; 150,000 events/s for each operator at 5 rules. Seconds are those of the processor, so that waiting for a core does not count; of several
 * rounds the fastest counts, since neighbours on the machine share its caches and memory. An argument gives the seconds for each row.
 */
import { parsePattern } from '../languages/event-pattern/parse.ts';
import { type RuleIndex, ruleIndex } from '../languages/event-pattern/rule-index.ts';

const promisedBySize = 250_000;
const promisedByOperator = 150_000;
const promisedSlowdown = 1.5;
const secondsEach = Number(process.argv[2] ?? 2);

/** An announcement as it travels, about 660 bytes. */
const announcement = (repository: string, branch: string, index: number): string =>
  JSON.stringify({
    version: '0',
    id: `6a7e8feb-b491-4cf7-a9f1-${String(index).padStart(12, '0')}`,
    'detail-type': 'Branch Merged',
    source: 'mergecast.devops',
    account: '111111111111',
    time: '2026-11-23T12:00:00Z',
    region: 'eu-west-1',
    resources: [`arn:aws:codecommit:eu-west-1:111111111111:${repository}`],
    detail: {
      version: 1,
      mergeId: 'b3a1c7d2-6a7e-4cf7-a9f1-bf3703467718',
      repository,
      branch,
      commitId: '0123456789abcdef0123456789abcdef01234567',
      previousCommitId: '89abcdef0123456789abcdef0123456789abcdef',
      mergedAt: '2026-11-23T11:59:58Z',
      announcedAt: '2026-11-23T12:00:00Z',
      merge: { option: 'FAST_FORWARD_MERGE', pullRequest: '17' },
      tags: ['merge', 'announced'],
    },
  });

const branches = ['dev', 'staging', 'prod'];
const repositoryOf = (rule: number): string => `repository-${Math.floor(rule / branches.length)}`;
const branchOf = (rule: number): string => branches[rule % branches.length] ?? '';

function rulesOfOurShape(size: number): RuleIndex<number> {
  return ruleIndex(
    Array.from({ length: size }, (_, id) => ({
      id,
      pattern: parsePattern({
        source: ['mergecast.devops'],
        'detail-type': ['Branch Merged'],
        detail: { repository: [repositoryOf(id)], branch: [branchOf(id)] },
      }),
    })),
  );
}

const rounds = 8;

/** Events per second of processor time, in the fastest round, and how many rules an event matches. */
function measure(index: RuleIndex<unknown>, events: readonly string[]): { perSecond: number; matches: number } {
  const play = (): number => events.reduce((matches, event) => matches + index.rulesMatching(event).size, 0);
  const warmUntil = performance.now() + 500;
  while (performance.now() < warmUntil) play();
  const speeds = Array.from({ length: rounds }, () => speedOf(play) * events.length);
  return { perSecond: Math.max(...speeds), matches: play() / events.length };
}

/** How often a second of processor time something is done. */
function speedOf(play: () => unknown): number {
  const started = process.cpuUsage();
  const seconds = (): number => {
    const { user, system } = process.cpuUsage(started);
    return (user + system) / 1e6;
  };
  let times = 0;
  for (; seconds() < secondsEach / rounds; times++) play();
  return times / seconds();
}

const broken: string[] = [];
const row = (name: string, perSecond: number, matches: number): void => {
  const each = `${Math.round(perSecond).toLocaleString('en-US')} events/s`;
  process.stdout.write(`${name.padEnd(24)}${each.padStart(22)}${matches.toFixed(2).padStart(10)} rules matched\n`);
};

const speeds = [300, 3_000, 30_000, 100_000].map((size) => {
  const index = rulesOfOurShape(size);
  const events = Array.from({ length: 3_000 }, (_, at) => {
    const rule = (at * 7919) % size;
    return announcement(repositoryOf(rule), branchOf(rule), at);
  });
  const { perSecond, matches } = measure(index, events);
  row(`${size.toLocaleString('en-US')} rules`, perSecond, matches);
  if (perSecond < promisedBySize) broken.push(`${size} rules: ${Math.round(perSecond)} events/s`);
  return perSecond;
});
const slowdown = (speeds[0] ?? 0) / (speeds.at(-1) ?? 1);
process.stdout.write(`${'slowdown'.padEnd(24)}${slowdown.toFixed(2).padStart(22)}\n\n`);
if (slowdown > promisedSlowdown)
  broken.push(`the largest size is ${slowdown.toFixed(2)} times slower than the smallest`);

const five = (make: (index: number) => unknown) => Array.from({ length: 5 }, (_, index) => make(index));
const name = (index: number): string => `repository-${index * 100}`;
const operators: Readonly<Record<string, readonly unknown[]>> = {
  exact: five((index) => ({ detail: { repository: [name(index)] } })),
  prefix: five((index) => ({ detail: { repository: [{ prefix: name(index) }] } })),
  suffix: five((index) => ({ detail: { repository: [{ suffix: `-${index}00` }] } })),
  'ignore-case': five((index) => ({ detail: { repository: [{ 'equals-ignore-case': name(index).toUpperCase() }] } })),
  numeric: five((index) => ({ detail: { version: [{ numeric: ['>', index - 1, '<=', index] }] } })),
  'anything-but': five((index) => ({ detail: { repository: [{ 'anything-but': [name(index), name(index + 1)] }] } })),
  wildcard: five((index) => ({ detail: { repository: [{ wildcard: `repo*-${index}*0` }] } })),
  arrays: five((index) => ({ detail: { merges: { repository: [name(index)], branch: [branchOf(index)] } } })),
};
for (const [operator, patterns] of Object.entries(operators)) {
  const index = ruleIndex(patterns.map((pattern, id) => ({ id, pattern: parsePattern(pattern) })));
  const events = Array.from({ length: 1_000 }, (_, at) => {
    const event = announcement(`repository-${at}`, branchOf(at), at);
    if (operator !== 'arrays') return event;
    const merges = five((merge) => ({ repository: name(merge + (at % 5)), branch: branchOf(at + merge) }));
    return event.replace('"tags":["merge","announced"]', `"merges":${JSON.stringify(merges)}`);
  });
  const { perSecond, matches } = measure(index, events);
  row(operator, perSecond, matches);
  if (perSecond < promisedByOperator) broken.push(`${operator}: ${Math.round(perSecond)} events/s`);
}

for (const promise of broken) process.stderr.write(`broken promise: ${promise}\n`);
process.exitCode = broken.length > 0 ? 1 : 0;
