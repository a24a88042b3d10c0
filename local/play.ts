import { readAssembly } from '../assembly/read-assembly.ts';
import type { Assembly, AssemblyStack } from '../assembly/types.ts';
import { Fault } from '../shared/fault.ts';
import { administrator, administratorKeys } from './accounts.ts';
import type { FunctionPool } from './lambda-host/pool.ts';
import { type OpenWorld, openWorld, type WorldOptions } from './open-world.ts';
import { bootstrap, publishAssets } from './publish.ts';
import { deploy } from './services/cloudformation/deploy.ts';
import { issueGitCredentials } from './services/codecommit/git-credentials.ts';
import { resources } from './services/index.ts';
import { poolKey } from './services/lambda/execute.ts';
import { functions } from './services/lambda/tables.ts';
import type { Clock } from './world/clock.ts';
import type { Journal } from './world/journal.ts';
import type { Interference } from './world/world.ts';

/** A person's way into one account, as it stands in an AWS profile: an administrator with long-term keys. */
export interface Profile {
  readonly name: string;
  readonly account: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** What is known of a played stack. */
export interface PlayedStack {
  readonly name: string;
  readonly account: string;
  readonly region: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** A local cloud that plays an assembly. Everything else about it is learned through the AWS API at `endpoint`. */
export interface Cloud {
  readonly endpoint: string;
  readonly port: number;
  readonly profiles: readonly Profile[];
  readonly stacks: readonly PlayedStack[];
  /** The resource types of the templates that are played in a simpler way than AWS does, sorted; local/README.md says how. */
  readonly simplified: readonly string[];
  readonly journal: Journal;
  readonly clock: Clock;
  /** Faults to inject at the API; a test adds and removes them. */
  readonly interference: Set<Interference>;
  /** The URL to clone a repository with, as the administrator of the profile's account. The password in it is a pretend one. */
  cloneUrl(profile: string, repository: string): string;
  /** Ends the workers of a function as a crash would, whatever they are doing. */
  crash(profile: string, functionName: string): Promise<void>;
  /** Resolves when no delivery or invocation is on its way. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}

/** How to play; see {@link WorldOptions}. `onStack` is told as each stack begins. */
export interface PlayOptions extends WorldOptions {
  readonly onStack?: (name: string) => void;
  /** Called when the wire listens, before the first stack. */
  readonly onListening?: (endpoint: string) => void;
}

/**
 * Plays a synthesized cloud assembly: opens a world, publishes the assets and deploys the stacks in their order.
 * Throws Fault StackFailed with the first reason when a stack cannot be deployed, and leaves nothing running.
 */
export async function play(assemblyDirectory: string, options: PlayOptions = {}): Promise<Cloud> {
  const assembly = readAssembly(assemblyDirectory);
  const open = await openWorld({ ...organisationOf(assembly), ...options });
  options.onListening?.(open.world.endpoint);
  try {
    for (const stack of assembly.stacks) {
      options.onStack?.(stack.name);
      await deployStack(open, stack);
    }
  } catch (error) {
    await open.close();
    throw error;
  }
  return cloudOf(open, assembly);
}

/** The organisation's id stands in the stacks' tags. */
function organisationOf({ stacks }: Assembly): WorldOptions {
  const organisationId = stacks.map(({ tags }) => tags['mergecast:organisation']).find((id) => id !== undefined);
  return organisationId === undefined ? {} : { organisationId };
}

async function deployStack({ world }: OpenWorld, stack: AssemblyStack): Promise<void> {
  const { account, region, name, template, tags, parameters } = stack;
  await bootstrap(world, { account, region });
  await publishAssets(world, stack);
  const caller = administrator(world, account);
  const outcome = await deploy(world, { account, region, stackName: name, template, parameters, tags, caller });
  if (outcome.failed) throw new Fault('StackFailed', `stack ${name}: ${outcome.reason}`);
}

function simplifiedTypes({ stacks }: Assembly): readonly string[] {
  const types = stacks.flatMap(({ template }) => Object.values(template.resources).map(({ type }) => type));
  return [...new Set(types)].filter((type) => resources[type]?.simplified !== undefined).sort();
}

function cloudOf(open: OpenWorld, assembly: Assembly): Cloud {
  const { world } = open;
  const profiles = assembly.stacks.map((stack): Profile => {
    const { accessKeyId, secretAccessKey } = administratorKeys(world, stack.account);
    return {
      name: stack.tags['mergecast:profile'] ?? stack.name,
      account: stack.account,
      region: stack.region,
      accessKeyId,
      secretAccessKey,
    };
  });
  const profileOf = (name: string): Profile => {
    const found = profiles.find((profile) => profile.name === name);
    if (found === undefined)
      throw new Fault('ProfileUnknown', `profile '${name}' is none of ${profiles.map((each) => each.name).join(', ')}`);
    return found;
  };
  return {
    endpoint: world.endpoint,
    port: open.port,
    profiles,
    stacks: assembly.stacks.map(({ name, account, region, tags }) => ({ name, account, region, tags })),
    simplified: simplifiedTypes(assembly),
    journal: world.journal,
    clock: world.clock,
    interference: world.interference,
    cloneUrl: (profile, repository) => {
      const { username, password } = issueGitCredentials(world, administrator(world, profileOf(profile).account));
      return `${world.endpoint.replace('//', `//${username}:${encodeURIComponent(password)}@`)}/v1/repos/${repository}`;
    },
    crash: async (profile, functionName) => {
      const { account, region } = profileOf(profile);
      const fn = world.store.in(functions).get(`arn:aws:lambda:${region}:${account}:function:${functionName}`);
      if (fn !== undefined) await world.live.find<FunctionPool>(poolKey(fn))?.crash();
    },
    settled: () => world.settled(),
    stop: () => open.close(),
  };
}
