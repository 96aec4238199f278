import type { EditMessage } from "../../src/account/contract/edits.ts";

/** A message on its way to the queue, and when it may be delivered. */
export interface Sent {
  readonly message: EditMessage;
  readonly at: number;
}

/** What the platform bills, by its cause: account, consumers and runners. */
export interface Meter {
  rowsWritten: number;
  /** The same by the statement's beginning. */
  readonly written: Map<string, number>;
  rowsRead: number;
  alarmsSet: number;
  upstash: number;
  stripe: number;
  /** Keys that R2 was asked to delete: free. */
  deleted: number;
  /** Lookups of R2 objects. */
  looks: number;
  points: number;
  /** Calls to the account's object. */
  calls: number;
  /** Messages sent to the queue and not yet taken. */
  readonly sent: Sent[];
  /** When the account's alarm fires. */
  alarmAt: number | null;
}

export const newMeter = (): Meter => ({
  rowsWritten: 0,
  written: new Map(),
  rowsRead: 0,
  alarmsSet: 0,
  upstash: 0,
  stripe: 0,
  deleted: 0,
  looks: 0,
  points: 0,
  calls: 0,
  sent: [],
  alarmAt: null,
});

/** Characters by which a statement is told from others. */
const STATEMENT = 80;

/**
 * Counts what the object does with its storage: rows as the runtime counts them, index entries included. Its alarm is
 * recorded, not set. This patches the runtime's own classes, since an object accepts no state but its own.
 */
export function meterState({ storage }: DurableObjectState, meter: Meter): void {
  const ofSql: SqlStorage = Object.getPrototypeOf(storage.sql);
  const { exec } = ofSql;
  ofSql.exec = function (this: SqlStorage, query: string, ...values: unknown[]) {
    const cursor = exec.call(this, query, ...values);
    const rows = cursor.toArray();
    const { rowsWritten, rowsRead } = cursor;
    meter.rowsWritten += rowsWritten;
    const statement = query.trim().replace(/\s+/g, " ").slice(0, STATEMENT);
    if (rowsWritten > 0) meter.written.set(statement, (meter.written.get(statement) ?? 0) + rowsWritten);
    meter.rowsRead += rowsRead;
    const one = () => {
      const [row] = rows;
      if (row === undefined || rows.length > 1) throw new Error(`not one row: ${rows.length}`);
      return row;
    };
    return { toArray: () => rows, one, rowsWritten } as unknown as ReturnType<typeof exec>;
  } as SqlStorage["exec"];
  const ofStorage: DurableObjectStorage = Object.getPrototypeOf(storage);
  ofStorage.getAlarm = async () => meter.alarmAt;
  ofStorage.setAlarm = async (at) => {
    meter.alarmsSet += 1;
    meter.alarmAt = Number(at);
  };
}

/** The same object, with each call counted. */
export function countedCalls<T extends object>(account: T, meter: Meter): T {
  return new Proxy(account, {
    get(real, name) {
      const found = Reflect.get(real, name, real);
      if (typeof found !== "function") return found;
      return (...given: unknown[]) => {
        meter.calls += 1;
        return found.apply(real, given);
      };
    },
  });
}
