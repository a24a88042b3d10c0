/** Why a pattern is refused, in AWS's words, and the path at which. Becomes a Fault where the pattern is read. */
export class Refusal extends Error {
  readonly path: string;

  constructor(reason: string, path = '') {
    super(reason);
    this.path = path;
  }
}
