/** Something that runs beside the store and has to be ended: a worker, a process, a server. */
export interface Closable {
  close(): void | Promise<void>;
}

/** The live handles of one world, by key, so that everything that runs ends with the world. */
export class Live {
  readonly #handles = new Map<string, Closable>();
  #closed = false;

  /** The handle of that key, opened on first use. */
  get<Handle extends Closable>(key: string, open: () => Handle): Handle {
    if (this.#closed) throw new Error(`the world is closed: ${key} cannot be opened any more`);
    const handle = (this.#handles.get(key) as Handle | undefined) ?? open();
    this.#handles.set(key, handle);
    return handle;
  }

  /** The handle of that key, if it is open. */
  find<Handle extends Closable>(key: string): Handle | undefined {
    return this.#handles.get(key) as Handle | undefined;
  }

  /** Ends and forgets one handle. */
  async close(key: string): Promise<void> {
    const handle = this.#handles.get(key);
    this.#handles.delete(key);
    await handle?.close();
  }

  /** Ends all; a handle that fails to close does not keep the others open. */
  async closeAll(): Promise<void> {
    this.#closed = true;
    const handles = [...this.#handles.values()];
    this.#handles.clear();
    await Promise.allSettled(handles.map(async (handle) => handle.close()));
  }
}
