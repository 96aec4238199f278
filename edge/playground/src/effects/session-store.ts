import type { Version } from "../model/history.ts";
import type { Kept } from "../model/state.ts";

const DATABASE = "flux-sculptor";
const STORE = "sessions";

/** As long as the server keeps a photo, in milliseconds: an older session could not go on. */
const KEPT_MS = 24 * 3_600_000;

interface Entry {
  readonly session: string;
  readonly savedAt: number;
  readonly kept: Kept;
}

/** Keeps a photo with its versions in this browser: a reload or a step back loses nothing. */
export async function keepSession(kept: Kept): Promise<void> {
  const { session } = kept.photo;
  await within("readwrite", (store) => store.put({ session, savedAt: Date.now(), kept } satisfies Entry));
}

/** What was kept, its pictures at addresses of this page; null if nothing is, or no longer. */
export async function keptSession(session: string): Promise<Kept | null> {
  const { kept } = ((await within("readonly", (store) => store.get(session))) as Entry | undefined) ?? {};
  if (kept === undefined || kept.photo.blob === null) return null;
  const versions = kept.history.versions.map(
    (version): Version => ({
      ...version,
      outcome: { ...version.outcome, url: URL.createObjectURL(version.outcome.blob) },
    }),
  );
  const photo = { ...kept.photo, url: URL.createObjectURL(kept.photo.blob) };
  return { ...kept, photo, history: { ...kept.history, versions } };
}

/** Erases what the server has erased as well. */
export async function forgetOldSessions(): Promise<void> {
  const entries = (await within("readonly", (store) => store.getAll())) as Entry[];
  for (const { session, savedAt } of entries)
    if (Date.now() - savedAt > KEPT_MS) await within("readwrite", (store) => store.delete(session));
}

async function within(
  mode: IDBTransactionMode,
  act: (store: IDBObjectStore) => IDBRequest,
): Promise<unknown> {
  const opening = indexedDB.open(DATABASE, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(STORE, { keyPath: "session" });
  const database = (await done(opening)) as IDBDatabase;
  try {
    return await done(act(database.transaction(STORE, mode).objectStore(STORE)));
  } finally {
    database.close();
  }
}

const done = (request: IDBRequest): Promise<unknown> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
