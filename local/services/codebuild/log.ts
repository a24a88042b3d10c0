import type { World } from '../../world/world.ts';
import { writeLog } from '../logs/write.ts';
import type { Session } from '../sts/assume.ts';
import type { Build } from './tables.ts';

/** A build's log: the journal has every line, CloudWatch Logs only when the project's role may write there. */
export class BuildLog {
  readonly #world: World;
  readonly #build: Build;
  readonly #allowed: boolean;

  private constructor(world: World, build: Build, allowed: boolean) {
    this.#world = world;
    this.#build = build;
    this.#allowed = allowed;
  }

  /** Asks once whether the role may write; a build without that permission runs on, and the journal says why its log is empty. */
  static async open(world: World, build: Build, session: Session): Promise<BuildLog> {
    const { project, logStream, cause } = build;
    if (!project.logs) return new BuildLog(world, build, false);
    const stream = `arn:aws:logs:${project.region}:${project.account}:log-group:${project.logGroup}:log-stream:${logStream}`;
    const refused = ['logs:CreateLogStream', 'logs:PutLogEvents']
      .map((action) => world.judge(world, session.principal, { action, resource: stream }, project))
      .find(({ allowed }) => !allowed);
    if (refused) {
      const text = `build ${build.id} may not write its log: ${refused.explanation}`;
      world.journal.write({
        kind: 'call',
        cause,
        account: project.account,
        region: project.region,
        subject: stream,
        text,
        allowed: false,
      });
    }
    return new BuildLog(world, build, refused === undefined);
  }

  line(text: string): void {
    const { project, logStream, cause } = this.#build;
    this.#world.journal.write({
      kind: 'log',
      cause,
      account: project.account,
      region: project.region,
      subject: project.arn,
      text: text.slice(0, 2000),
    });
    if (this.#allowed) writeLog(this.#world, project, { group: project.logGroup, stream: logStream, messages: [text] });
  }
}
