import type { World } from '../../world/world.ts';
import { type BatchGroup, type BuildBatch, batches } from './batch-tables.ts';
import type { BuildPhase, BuildStatus } from './tables.ts';

/**
 * Writes a batch down as it goes: its row and the journal. AWS documents no event of a batch; its builds tell theirs. Source: "AWS CodeBuild
 * events" of the EventBridge reference.
 */
export class BatchRecord {
  readonly #world: World;
  readonly #id: string;

  constructor(world: World, id: string) {
    this.#world = world;
    this.#id = id;
  }

  get batch(): BuildBatch {
    return this.#world.store.in(batches).get(this.#id) as BuildBatch;
  }

  submitted(): void {
    this.begin('SUBMITTED');
    this.finish('SUBMITTED');
    this.#say('IN_PROGRESS');
  }

  begin(type: string): void {
    const phase = { type, status: 'IN_PROGRESS' as const, startedAt: this.#world.clock.now() };
    this.change(({ phases }) => ({ phases: [...phases, phase] }));
  }

  finish(type: string, status: BuildStatus = 'SUCCEEDED', message?: string): void {
    const end = { status, endedAt: this.#world.clock.now(), ...(message === undefined ? {} : { message }) };
    const closed = (phase: BuildPhase): BuildPhase =>
      phase.type === type && phase.endedAt === undefined ? { ...phase, ...end } : phase;
    this.change(({ phases }) => ({ phases: phases.map(closed) }));
  }

  group(identifier: string, part: Partial<BatchGroup>): void {
    this.change(({ groups }) => ({
      groups: groups.map((group) => (group.identifier === identifier ? { ...group, ...part } : group)),
    }));
  }

  /** A batch ends in a phase of the name of its end. */
  end(status: Exclude<BuildStatus, 'IN_PROGRESS'>, reason?: string): void {
    const at = this.#world.clock.now();
    const type = status === 'SUCCEEDED' || status === 'STOPPED' ? status : 'FAILED';
    const said = reason === undefined ? {} : { message: reason };
    this.change(({ phases }) => ({
      status,
      endedAt: at,
      ...(reason === undefined ? {} : { reason }),
      phases: [
        ...phases.map((phase) => (phase.endedAt === undefined ? { ...phase, ...said, status, endedAt: at } : phase)),
        { type, status, startedAt: at, endedAt: at, ...said },
      ],
    }));
    this.#say(status, reason);
  }

  change(part: (batch: BuildBatch) => Partial<BuildBatch>): void {
    this.#world.store.in(batches).update(this.#id, (batch) => ({ ...batch, ...part(batch) }));
  }

  #say(status: BuildStatus, reason?: string): void {
    const { arn, id, template } = this.batch;
    const { account, region } = template.project;
    this.#world.journal.write({
      kind: 'state',
      cause: template.cause,
      account,
      region,
      subject: arn,
      text: `build batch ${id} is ${status}${reason === undefined ? '' : `: ${reason}`}`,
    });
  }
}
