/**
 * The world's state: typed tables of rows by key, and nothing else. A service declares its tables as descriptors
 * (`table<Row>('events/rules')`, stateless) and reads them through the store it is given, so a world can be thrown away,
 * doubled or made durable in one place.
 */
export interface TableName<Row> {
  readonly name: string;
  /** Never set: it only carries the row's type. */
  readonly row?: Row;
}

/** Declares a table; `name` is `<service>/<what>`, unique in the project. */
export const table = <Row>(name: string): TableName<Row> => ({ name });

/** Rows in the order they were first put. */
export interface Table<Row> {
  get(key: string): Row | undefined;
  has(key: string): boolean;
  put(key: string, row: Row): void;
  /** Puts `change(current)`, unless there is no such row. Answers the new row. */
  update(key: string, change: (row: Row) => Row): Row | undefined;
  delete(key: string): boolean;
  keys(): readonly string[];
  rows(): readonly Row[];
  /** The rows for which `predicate` holds. */
  where(predicate: (row: Row, key: string) => boolean): readonly Row[];
}

/** All tables of one world. */
export class Store {
  readonly #tables = new Map<string, Map<string, unknown>>();

  /** The table of that name, made on first use. */
  in<Row>(name: TableName<Row>): Table<Row> {
    const rows = (this.#tables.get(name.name) ?? new Map<string, unknown>()) as Map<string, Row>;
    this.#tables.set(name.name, rows);
    return {
      get: (key) => rows.get(key),
      has: (key) => rows.has(key),
      put: (key, row) => void rows.set(key, row),
      update: (key, change) => {
        const row = rows.get(key);
        if (row === undefined) return undefined;
        const changed = change(row);
        rows.set(key, changed);
        return changed;
      },
      delete: (key) => rows.delete(key),
      keys: () => [...rows.keys()],
      rows: () => [...rows.values()],
      where: (predicate) => [...rows].filter(([key, row]) => predicate(row, key)).map(([, row]) => row),
    };
  }
}
