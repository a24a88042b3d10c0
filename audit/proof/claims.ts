import { z } from 'zod';
import type { Assembly } from '../../assembly/types.ts';
import { Fault } from '../../shared/fault.ts';
import {
  announcerRole,
  devopsBusArn,
  devopsStackName,
  environmentBusArn,
  forwarderRole,
  type Home,
  reporterRole,
  stackTags,
  starterRole,
} from '../../shared/names.ts';

const name = z.string().min(1).max(300);
/** ARNs, in which a star stands for any text, or account ids. */
const people = z.array(name).max(10_000).readonly();

/** Each kind of claim. */
const claimShape = z.discriminatedUnion('claim', [
  z.strictObject({ claim: z.literal('only-branch'), environment: name, branch: name }),
  z.strictObject({ claim: z.literal('never-branch'), environment: name, branch: name }),
  z.strictObject({
    claim: z.literal('started-only-by'),
    pipeline: name.default('*'),
    environment: name.optional(),
    by: people,
  }),
  z.strictObject({ claim: z.literal('put-only-by'), bus: name, by: people }),
  z.strictObject({ claim: z.literal('dead-letters') }),
  z.strictObject({ claim: z.literal('as-promised'), environment: name }),
]);

const fileShape = z.strictObject({
  defaults: z.boolean().default(true),
  claims: z.array(claimShape).max(10_000).default([]),
});

/** Something that is to hold for all events and all principals. */
export type Claim = z.output<typeof claimShape>;

/** An environment as its stack's tags promise it. */
export interface Promised extends Home {
  readonly name: string;
  readonly branch: string;
  readonly repositories: readonly string[];
  readonly stacks: readonly string[];
}

/** Reads a claims file; throws ClaimsInvalid with the place of each mistake. */
export function parseClaims(text: string, file: string): z.output<typeof fileShape> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new Fault('ClaimsInvalid', `${file} is not JSON: ${String(error).slice(0, 200)}`);
  }
  const { success, data, error } = fileShape.safeParse(json);
  if (success) return data;
  const mistakes = error.issues
    .slice(0, 20)
    .map(({ path, message }) => `${path.map(String).join('.') || 'the file'}: ${message}`);
  throw new Fault('ClaimsInvalid', `${file}: ${mistakes.join('; ')}`);
}

/** The environments that the stacks of an assembly promise. */
export function promisedBy({ stacks }: Assembly): readonly Promised[] {
  const found = new Map<string, Promised>();
  for (const { name: stack, account, region, tags } of stacks) {
    const [profile, branch] = [tags[stackTags.profile], tags[stackTags.branch]];
    if (profile === undefined || branch === undefined) continue;
    const repositories = (tags[stackTags.repositories] ?? '').split(/[ ,]+/).filter((each) => each !== '');
    const known = found.get(profile);
    const all = [...(known?.stacks ?? []), stack];
    found.set(profile, { name: profile, account, region, branch, repositories, stacks: all });
  }
  return [...found.values()];
}

/** What is claimed without a file: of each environment that it runs its own branch, for its own starter and forwarder alone, as promised; and dead letters everywhere. */
export function defaultClaims(
  assembly: Assembly,
  promised: readonly Promised[] = promisedBy(assembly),
): readonly Claim[] {
  const devops = assembly.stacks.find((stack) => stack.name === devopsStackName);
  const reporting = promised.flatMap((each) => [starterRole(each).arn, reporterRole(each).arn]);
  return [
    ...promised.flatMap((each): readonly Claim[] => [
      { claim: 'as-promised', environment: each.name },
      { claim: 'only-branch', environment: each.name, branch: each.branch },
      { claim: 'started-only-by', pipeline: '*', environment: each.name, by: [starterRole(each).arn] },
      ...(devops
        ? [{ claim: 'put-only-by', bus: environmentBusArn(each), by: [forwarderRole(devops, each.name).arn] } as const]
        : []),
    ]),
    ...(devops && promised.length > 0
      ? [{ claim: 'put-only-by', bus: devopsBusArn(devops), by: [announcerRole(devops).arn, ...reporting] } as const]
      : []),
    { claim: 'dead-letters' },
  ];
}

/** A claim as a sentence. */
export function sentence(claim: Claim): string {
  switch (claim.claim) {
    case 'only-branch':
      return `no event of a branch other than ${claim.branch} reaches ${claim.environment}`;
    case 'never-branch':
      return `no event of branch ${claim.branch} reaches ${claim.environment}`;
    case 'started-only-by':
      return `nobody but ${few(claim.by)} starts ${started(claim)}`;
    case 'put-only-by':
      return `nobody but ${few(claim.by)} puts events on ${claim.bus}`;
    case 'dead-letters':
      return 'every hop has a dead-letter queue that takes what it cannot deliver';
    case 'as-promised':
      return `${claim.environment} follows what its stack promises, over whole routes`;
  }
}

const few = (names: readonly string[]): string => {
  if (names.length === 0) return "the account's administrators";
  return names.length > 3 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ');
};

const started = ({
  pipeline,
  environment,
}: {
  readonly pipeline: string;
  readonly environment?: string | undefined;
}): string => {
  const of = environment === undefined ? '' : ` of ${environment}`;
  return pipeline === '*' ? `any pipeline${of}` : `${pipeline}${of}`;
};
