import type { World } from '../../world/world.ts';
import { type Build, type BuildPhase, type BuildStatus, builds } from './tables.ts';
import { tellPhase, tellState } from './tell-build.ts';

/** Writes a build down as it goes: its row, its events and the journal. */
export class BuildRecord {
  readonly #world: World;
  readonly #id: string;

  constructor(world: World, id: string) {
    this.#world = world;
    this.#id = id;
    for (const type of ['SUBMITTED', 'QUEUED']) {
      this.begin(type);
      this.finish(type);
    }
    this.#tell('IN_PROGRESS');
  }

  begin(type: string): void {
    const phase = { type, status: 'IN_PROGRESS' as const, startedAt: this.#world.clock.now() };
    this.#change(({ phases }) => ({ phases: [...phases, phase] }));
  }

  finish(type: string, failure?: string): void {
    const end = {
      status: failure === undefined ? ('SUCCEEDED' as const) : ('FAILED' as const),
      endedAt: this.#world.clock.now(),
      ...(failure === undefined ? {} : { message: failure }),
    };
    this.#change(({ phases }) => ({
      phases: phases.map((phase) =>
        phase.type === type && phase.endedAt === undefined ? { ...phase, ...end } : phase,
      ),
    }));
    this.#tellPhase(type);
  }

  exported(exported: Readonly<Record<string, string>>): void {
    this.#change(() => ({ exported }));
  }

  /** The phase that still runs shares the build's end. */
  end(status: BuildStatus, reason?: string): void {
    const endedAt = this.#world.clock.now();
    const said = reason === undefined ? {} : { message: reason };
    const running = this.#build().phases.flatMap((phase) => (phase.endedAt === undefined ? [phase.type] : []));
    const end = (phase: BuildPhase): BuildPhase =>
      phase.endedAt === undefined ? { ...phase, status, endedAt, ...said } : phase;
    this.#change(({ phases }) => ({
      status,
      endedAt,
      phases: [
        ...phases.map(end),
        { type: 'FINALIZING', status: 'SUCCEEDED', startedAt: endedAt, endedAt },
        { type: 'COMPLETED', startedAt: endedAt },
      ],
      ...(reason === undefined ? {} : { reason }),
    }));
    for (const type of [...running, 'FINALIZING', 'COMPLETED']) this.#tellPhase(type);
    this.#tell(status, reason);
  }

  #change(part: (build: Build) => Partial<Build>): void {
    this.#world.store.in(builds).update(this.#id, (build) => ({ ...build, ...part(build) }));
  }

  #tell(status: BuildStatus, reason?: string): void {
    const build = this.#build();
    const { account, region } = build.project;
    this.#world.journal.write({
      kind: 'state',
      cause: build.cause,
      account,
      region,
      subject: build.arn,
      text: `build ${build.id} is ${status}${reason === undefined ? '' : `: ${reason}`}`,
    });
    tellState(this.#world, build, status);
  }

  #tellPhase(type: string): void {
    const build = this.#build();
    const phase = build.phases.findLast((each) => each.type === type);
    if (phase !== undefined) tellPhase(this.#world, build, phase);
  }

  #build(): Build {
    return this.#world.store.in(builds).get(this.#id) as Build;
  }
}
