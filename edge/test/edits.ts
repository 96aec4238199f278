import { env } from "cloudflare:workers";
import { type Id, newId } from "../../shared/ids.ts";
import { maskOptionsSchema } from "../../shared/mask.ts";
import { scheduleSchema } from "../../shared/schedule.ts";
import { sha256 } from "../../shared/signing.ts";
import type { EditInput, NewEdit } from "../src/account/contract/edits.ts";
import type { ImageRow } from "../src/account/contract/images.ts";
import type { AccountRpc } from "../src/account/contract/rpc.ts";
import type { AcceptedEdit } from "../src/account/tables/edit.ts";
import { accountOf } from "../src/context.ts";

/** A separate account for a test: storage is shared within a file. */
export async function openAccount(credits = 100): Promise<{ id: Id<"acct">; account: AccountRpc }> {
  const id = newId("acct");
  const account = accountOf(env, id);
  await account.open({ id, name: "a test" });
  if (credits > 0) await account.addCredits({ amount: credits, reason: "for the test", reference: id });
  return { id, account };
}

/** An edit of a photo in R2. */
export async function newEdit(
  id: Id<"acct">,
  given: Partial<Omit<NewEdit, "input"> & EditInput> = {},
): Promise<AcceptedEdit> {
  const bytes = crypto.getRandomValues(new Uint8Array(64));
  const image = { id: newId("img"), key: `${id}/images/${newId("img")}`, width: 64, height: 64 };
  await env.IMAGES.put(image.key, bytes);
  return {
    id: given.id ?? newId("edit"),
    credits: given.credits ?? 10,
    model: { id: "mini", version: "0.1.0" },
    idempotencyKey: given.idempotencyKey ?? null,
    input: {
      image: given.image ?? { ...image, sha256: await sha256(bytes) },
      mask: given.mask ?? "auto",
      source_prompt: "a person.",
      prompt: "a person with a beard",
      locate: ["a person with a beard"],
      mask_options: maskOptionsSchema.parse(undefined),
      schedule: scheduleSchema.parse({}),
      composite: "paste-back",
      output: { format: "png" },
      deadline_ms: given.deadline_ms ?? 600_000,
      metadata: {},
      webhook_url: null,
    },
  };
}

/** The row of an edit's photo, as if it had just been uploaded. */
export function storedPhoto(
  { input: { image } }: AcceptedEdit,
  expiresAt = Date.now() + 86_400_000,
): ImageRow {
  return { ...image, bytes: 64, contentType: "image/png", createdAt: Date.now(), expiresAt };
}
