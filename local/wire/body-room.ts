/** Gives back what a body took; a second call does nothing. */
export type Leave = () => void;

/**
 * Memory for the bodies of requests. All bodies together take at most so many bytes: a request whose body finds no room waits, unread, so that its
 * client's connection is what slows down. Who came first enters first.
 */
export class BodyRoom {
  #free: number;
  readonly #waiting: { readonly bytes: number; readonly enter: () => void }[] = [];

  /** A body longer than `bytes` never enters: its request is refused before. */
  constructor(bytes: number) {
    this.#free = bytes;
  }

  /** Waits for room of so many bytes. */
  async enter(bytes: number): Promise<Leave> {
    if (this.#waiting.length > 0 || bytes > this.#free) {
      await new Promise<void>((enter) => void this.#waiting.push({ bytes, enter }));
    } else {
      this.#free -= bytes;
    }
    let inside = true;
    return () => {
      if (!inside) return;
      inside = false;
      this.#free += bytes;
      this.#admit();
    };
  }

  #admit(): void {
    for (let next = this.#waiting[0]; next !== undefined && next.bytes <= this.#free; next = this.#waiting[0]) {
      this.#waiting.shift();
      this.#free -= next.bytes;
      next.enter();
    }
  }
}
