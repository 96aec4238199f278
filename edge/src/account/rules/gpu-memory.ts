import type { ForgetTask } from "../../../../shared/gpu.ts";
import { KEPT_IN_MEMORY_MS } from "../../../../shared/gpu.ts";
import type { Id } from "../../../../shared/ids.ts";
import { isId } from "../../../../shared/ids.ts";
import { sign } from "../../../../shared/signing.ts";
import type { Settings } from "../../env.ts";
import { forgetInMemory } from "../../gpu/client.ts";
import type { StoredEdit } from "../tables/edit-row.ts";

/** Prefix of the due-time subjects that ask the GPU function to forget: `gpu-memory UNTIL NAME`. */
const PREFIX = "gpu-memory ";

/** An on-demand GPU may be gone after this much idle time; asking it then would start another one. */
const ON_DEMAND_MS = 60_000;

/** What is erased from memory: everything about a photo, by the SHA-256 of its bytes, or the run of one edit. */
export type Remembered = string | Id<"edit">;

/** The due row that requests it; after `until` nothing is left to forget. */
export const forgetSubject = (name: Remembered, until: number) => `${PREFIX}${until} ${name}`;

/** A due row's subject as logs may show it: they must not show a photo's hash. */
export const loggable = (subject: string) => (subject.startsWith(PREFIX) ? PREFIX.trim() : subject);

/** Parses a subject of `forgetSubject`; null for any other subject. */
export function readForgetSubject(subject: string): { name: Remembered; until: number } | null {
  if (!subject.startsWith(PREFIX)) return null;
  const [until, name = ""] = subject.slice(PREFIX.length).split(" ");
  return { name, until: Number(until) };
}

/** How long after work on a photo the GPU function is asked to forget it, in milliseconds. */
export const askedFor = ({ GPU_ON_DEMAND }: Settings) => (GPU_ON_DEMAND ? ON_DEMAND_MS : KEPT_IN_MEMORY_MS);

/** Until when the GPU function may hold data of an edit's run; 0 if none has started. */
export function heldUntil({ attempt, finishedAt }: StoredEdit, askedMs: number, now: number): number {
  return attempt === 0 ? 0 : (finishedAt ?? now) + askedMs;
}

/** Asks the GPU function to forget. @throws Error if it is away; what it holds then expires by itself */
export async function forget(settings: Settings, account: Id<"acct">, name: Remembered): Promise<void> {
  const task: ForgetTask = isId("edit", name)
    ? { request_id: name }
    : { tenant: await sign(settings.signingSecrets, "tenant", account), photo_sha256: name };
  if (!(await forgetInMemory(settings, task))) throw new Error("the GPU function is away");
}
