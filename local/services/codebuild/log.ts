import { principalName } from '../../world/principal.ts';
import type { World } from '../../world/world.ts';
import { logAccess } from '../logs/access.ts';
import { writeLog } from '../logs/write.ts';
import type { Session } from '../sts/assume.ts';
import type { Build } from './tables.ts';

/** The journal has this many lines of one build, so that a build that prints much leaves room for others. */
const journalLines = 2_000;
/** Shorter secrets are not hidden: they would make a log unreadable and are none. */
const shortestSecret = 4;
const recentLines = 20;

/** A build's log: the journal has its first lines, CloudWatch Logs all, but only when the project's role may write there. */
export class BuildLog {
  readonly #world: World;
  readonly #build: Build;
  readonly #kept: boolean;
  #secrets: readonly string[] = [];
  #recent: string[] = [];
  #count = 0;

  private constructor(world: World, build: Build, kept: boolean) {
    this.#world = world;
    this.#build = build;
    this.#kept = kept;
  }

  /** Asks once whether the role may write; a build without that permission runs on, and the journal says why its log is empty. */
  static open(world: World, build: Build, session: Session): BuildLog {
    return new BuildLog(world, build, build.project.logs && mayWrite(world, build, session));
  }

  /** From now on these values are shown as `***`, and of a value with several lines each line. */
  hide(secrets: readonly string[]): void {
    const lines = secrets.flatMap((secret) => [secret, ...secret.split(/\r?\n/)]);
    // A longer one first: it may hold a shorter one.
    this.#secrets = [...new Set(lines)]
      .filter((secret) => secret.length >= shortestSecret)
      .sort((one, other) => other.length - one.length);
  }

  /** A text as it is shown. */
  hidden(text: string): string {
    return this.#secrets.reduce((shown, secret) => shown.replaceAll(secret, '***'), text);
  }

  /** Something CodeBuild itself tells. */
  say(text: string): void {
    this.#write(`[Container] ${text}`);
  }

  /** A line that a command printed. */
  line(text: string): void {
    this.#recent.push(text.slice(0, 500));
    if (this.#recent.length > recentLines) this.#recent.shift();
    this.#write(text);
  }

  /** The last lines printed since `forget`. */
  get recent(): readonly string[] {
    return this.#recent;
  }

  forget(): void {
    this.#recent = [];
  }

  #write(shown: string): void {
    const text = this.hidden(shown);
    const { project, logStream } = this.#build;
    this.#count += 1;
    if (this.#count <= journalLines) this.#journal(text.slice(0, 2000));
    else if (this.#count === journalLines + 1)
      this.#journal(`… more lines stand in ${project.logGroup} ${logStream} only`);
    if (this.#kept) writeLog(this.#world, project, { group: project.logGroup, stream: logStream, messages: [text] });
  }

  #journal(text: string): void {
    const { arn, project, cause } = this.#build;
    const { account, region } = project;
    this.#world.journal.write({ kind: 'log', cause, account, region, subject: arn, text });
  }
}

function mayWrite(world: World, build: Build, session: Session): boolean {
  const { id, project, logStream, cause } = build;
  const { account, region, logGroup } = project;
  const refused = ['CreateLogStream', 'PutLogEvents']
    .map((action) => logAccess(world, action, project, logGroup, logStream))
    .map((access) => ({ access, decision: world.judge(world, session.principal, access, project) }))
    .find(({ decision }) => !decision.allowed);
  if (refused === undefined) return true;
  world.journal.write({
    kind: 'call',
    cause,
    account,
    region,
    subject: refused.access.resource,
    text: `build ${id} may not write its log: ${principalName(session.principal)} may not ${refused.access.action}: ${refused.decision.explanation}`,
    allowed: false,
  });
  return false;
}
