import type { EditMessage } from "../../src/account/contract/edits.ts";
import type { Env as ProductEnv } from "../../src/env.ts";

/** What the platform bills, as the object causes it. */
export interface Meter {
  rowsWritten: number;
  rowsRead: number;
  alarmsSet: number;
  upstash: number;
  stripe: number;
  /** Keys that R2 was told to delete: free. */
  deleted: number;
  points: number;
  /** Messages sent to the queue that nobody has taken yet. */
  readonly sent: EditMessage[];
  /** When the alarm rings. */
  alarmAt: number | null;
}

export const newMeter = (): Meter => ({
  rowsWritten: 0,
  rowsRead: 0,
  alarmsSet: 0,
  upstash: 0,
  stripe: 0,
  deleted: 0,
  points: 0,
  sent: [],
  alarmAt: null,
});

/**
 * Counts what the object does with its storage: rows as the runtime counts them, index entries included. Its alarm is
 * noted, not set. The classes of the runtime itself are changed, since an object takes no state but its own.
 */
export function meterState({ storage }: DurableObjectState, meter: Meter): void {
  const ofSql: SqlStorage = Object.getPrototypeOf(storage.sql);
  const { exec } = ofSql;
  ofSql.exec = function (this: SqlStorage, query: string, ...values: unknown[]) {
    const cursor = exec.call(this, query, ...values);
    const rows = cursor.toArray();
    const { rowsWritten, rowsRead } = cursor;
    meter.rowsWritten += rowsWritten;
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

/** What the object reaches: all of it counted, none of it real. */
export function meteredEnv(env: ProductEnv, meter: Meter): ProductEnv {
  globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    const { host, pathname } = new URL(request.url);
    if (host === "upstash.scale") {
      const body: unknown = await request.json();
      const commands: unknown[] = pathname === "/pipeline" && Array.isArray(body) ? body : [body];
      meter.upstash += commands.length;
      const results = commands.map(() => ({ result: 1 }));
      return Response.json(pathname === "/pipeline" ? results : results[0]);
    }
    meter.stripe += 1;
    return Response.json({ id: "cus_scale", object: "customer" });
  };
  const images = {
    delete: async (keys: string | string[]) => {
      meter.deleted += Array.isArray(keys) ? keys.length : 1;
    },
    put: async () => null,
    list: async () => ({ objects: [], truncated: false }),
  };
  return {
    ...env,
    IMAGES: images as unknown as R2Bucket,
    EDITS: {
      send: async (message: EditMessage) => void meter.sent.push(message),
    } as unknown as ProductEnv["EDITS"],
    METRICS: { writeDataPoint: () => void meter.points++ },
  };
}
