import type { ForgetTask } from "../../../../shared/gpu.ts";
import { KEPT_IN_MEMORY_MS } from "../../../../shared/gpu.ts";
import type { Id } from "../../../../shared/ids.ts";
import { isId } from "../../../../shared/ids.ts";
import { sign } from "../../../../shared/signing.ts";
import type { Settings } from "../../env.ts";
import { forgetInMemory } from "../../gpu/client.ts";
import type { StoredEdit } from "../tables/edit.ts";

/** Begins the subjects of due times that ask the GPU function to forget: `gpu-memory UNTIL NAME`. */
const PREFIX = "gpu-memory ";

/** A GPU that runs on demand may be gone after this long without work; asking it then would start another one. */
const ON_DEMAND_MS = 60_000;

/** What is erased in memory: all of a photo, by the SHA-256 of its bytes, or the run of one edit. */
export type Remembered = string | Id<"edit">;

/** The due row that asks for it; after `until` nothing is left to forget. */
export const forgetSubject = (name: Remembered, until: number) => `${PREFIX}${until} ${name}`;

/** A due row's subject as logs may show it: a photo's hash is not for them. */
export const loggable = (subject: string) => (subject.startsWith(PREFIX) ? PREFIX.trim() : subject);

/** Reads a subject of `forgetSubject`; null if it is another one. */
export function readForgetSubject(subject: string): { name: Remembered; until: number } | null {
  if (!subject.startsWith(PREFIX)) return null;
  const [until, name = ""] = subject.slice(PREFIX.length).split(" ");
  return { name, until: Number(until) };
}

/** How long after work on a photo the GPU function is asked to forget it, in milliseconds. */
export const askedFor = ({ GPU_ON_DEMAND }: Settings) => (GPU_ON_DEMAND ? ON_DEMAND_MS : KEPT_IN_MEMORY_MS);

/** Until when the GPU function may hold something of an edit's run; 0 where none has begun. */
export function heldUntil({ attempt, finishedAt }: StoredEdit, askedMs: number, now: number): number {
  return attempt === 0 ? 0 : (finishedAt ?? now) + askedMs;
}

/** Asks the GPU function to forget. @throws Error if it is away; whatever it holds goes in its own time */
export async function forget(settings: Settings, account: Id<"acct">, name: Remembered): Promise<void> {
  const task: ForgetTask = isId("edit", name)
    ? { request_id: name }
    : { tenant: await sign(settings.signingSecrets, "tenant", account), photo_sha256: name };
  if (!(await forgetInMemory(settings, task))) throw new Error("the GPU function is away");
}
