import { copyFileSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { watch } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Redis } from "@upstash/redis";

/** Rows of one account's object, as stored on disk, under the tables' column names. */
export interface AccountRows {
  readonly edits: readonly EditRow[];
  readonly ledger: readonly LedgerRow[];
  readonly images: readonly { readonly id: string; readonly key: string }[];
  readonly masks: readonly { readonly object: string; readonly cache_key: string }[];
  readonly due: readonly { readonly subject: string; readonly at: number }[];
  readonly outbox: readonly OutboxRow[];
  readonly usage: readonly { readonly succeeded: number; readonly credits: number }[];
  readonly secrets: readonly string[];
}

export interface EditRow {
  readonly id: string;
  readonly status: string;
  readonly credits: number;
  readonly captured: number;
  readonly attempt: number;
  readonly deadline_at: number;
  readonly input_json: string;
  readonly outcome_json: string | null;
  readonly error_json: string | null;
}

export interface LedgerRow {
  readonly kind: string;
  readonly available: number;
  readonly held: number;
  readonly available_after: number;
  readonly held_after: number;
  readonly edit: string | null;
}

export interface OutboxRow {
  readonly id: string;
  readonly kind: string;
  readonly edit: string;
  readonly state: string;
  readonly reason: string | null;
}

/** An object of the bucket. */
export interface StoredObject {
  readonly key: string;
  readonly size: number;
}

/** A mask stored in Upstash. */
export interface CachedEntry {
  readonly key: string;
  readonly ttl: number;
  /** The object it points to; null if its value cannot be read. */
  readonly object: string | null;
}

/** A database that another process writes may be copied in the middle of a write: then once more. */
const TRIES = 20;
const AGAIN_MS = 50;

/** The local runtime's stores of one worker, read from outside while it runs. */
export class Stores {
  readonly #objects: string;
  readonly #buckets: string;
  readonly #files = new Map<string, string>();

  /** @param persist folder of the runtime's storage */
  constructor(persist: string) {
    this.#objects = join(persist, "v3/do/flux-sculptor-Account");
    this.#buckets = join(persist, "v3/r2/miniflare-R2BucketObject");
  }

  /** @throws Error if there is no such account */
  async account(id: string): Promise<AccountRows> {
    const file = this.#files.get(id) ?? (await this.#find(id));
    return read(file, (db) => {
      const all = <Row>(sql: string) => db.prepare(sql).all() as Row[];
      return {
        edits: all<EditRow>("SELECT * FROM edits"),
        ledger: all<LedgerRow>("SELECT * FROM ledger ORDER BY seq"),
        images: all<AccountRows["images"][number]>("SELECT id, key FROM images"),
        masks: all<AccountRows["masks"][number]>("SELECT object, cache_key FROM masks"),
        due: all<AccountRows["due"][number]>("SELECT subject, at FROM due"),
        outbox: all<OutboxRow>("SELECT id, kind, edit, state, reason FROM outbox"),
        usage: all<AccountRows["usage"][number]>("SELECT succeeded, credits FROM usage"),
        secrets: all<{ secret: string }>("SELECT secret FROM webhook_secrets").map(({ secret }) => secret),
      };
    });
  }

  /** Objects below a prefix. */
  async objects(prefix: string): Promise<StoredObject[]> {
    const found = await Promise.all(
      databases(this.#buckets).map((file) =>
        read(file, (db) =>
          db
            .prepare("SELECT key, size FROM _mf_objects WHERE substr(key, 1, ?) = ?")
            .all(prefix.length, prefix),
        ),
      ),
    );
    return found.flat() as unknown as StoredObject[];
  }

  /** Resolves as soon as the next object's bytes are being written. */
  async nextObject(signal: AbortSignal): Promise<void> {
    const blobs = join(this.#buckets, "../flux-sculptor-images/blobs");
    for await (const { eventType } of watch(blobs, { signal })) if (eventType === "rename") return;
  }

  async #find(account: string): Promise<string> {
    for (const file of databases(this.#objects)) {
      const id = await read(file, (db) => {
        const opened = db.prepare("SELECT 1 FROM sqlite_master WHERE name = 'account'").get();
        const row = opened && (db.prepare("SELECT id FROM account").get() as { id: string } | undefined);
        return row?.id;
      });
      if (id !== undefined) this.#files.set(id, file);
      if (id === account) return file;
    }
    throw new Error(`no object of ${account}`);
  }
}

/** The masks stored in Upstash. */
export async function cachedEntries(url: string, token: string): Promise<CachedEntry[]> {
  const redis = new Redis({ url, token, retry: false, enableTelemetry: false });
  const keys = new Set<string>();
  let cursor = "0";
  do {
    const [next, found] = await redis.scan(cursor, { match: "mask:*", count: 1_000 });
    for (const key of found) keys.add(key);
    cursor = String(next);
  } while (cursor !== "0");
  return Promise.all(
    [...keys].map(async (key) => {
      const value = await redis.get<{ key?: string }>(key);
      return { key, ttl: await redis.ttl(key), object: value?.key ?? null };
    }),
  );
}

const databases = (folder: string) =>
  readdirSync(folder)
    .filter((name) => /^[0-9a-f]{64}\.sqlite$/.test(name))
    .map((name) => join(folder, name));

/** Reads a copy: the runtime keeps its databases to itself. */
async function read<T>(file: string, query: (db: DatabaseSync) => T): Promise<T> {
  for (let tried = 1; ; tried += 1) {
    const folder = mkdtempSync(join(tmpdir(), "flux-chaos-store-"));
    try {
      for (const end of ["", "-wal"])
        if (existsSync(file + end)) copyFileSync(file + end, join(folder, basename(file) + end));
      const db = new DatabaseSync(join(folder, basename(file)));
      try {
        return query(db);
      } finally {
        db.close();
      }
    } catch (error) {
      if (tried === TRIES) throw error;
    } finally {
      rmSync(folder, { recursive: true });
    }
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
  }
}
