import type { Id } from "../../../shared/ids.ts";
import { sha256 } from "../../../shared/signing.ts";
import { Refusal } from "../problem.ts";
import type { ClaimsOf } from "./claims.ts";
import type { Permit } from "./permit.ts";

/** Hex digits kept of a prompt's digest: 128 bits. */
const DIGEST_LENGTH = 32;

/** Represents an allowed prompt inside a token. @param prompt as `promptSchema` gives it */
export async function promptDigest(prompt: string): Promise<string> {
  return (await sha256(prompt)).slice(0, DIGEST_LENGTH);
}

/** What a token's bearer requests. */
export interface Asked {
  /** Null if the picture was sent with the request. */
  readonly image: Id<"img"> | null;
  /** As `promptSchema` gives it; the whole text of several attributes. */
  readonly prompt: string;
  /** Name of the preset, null for a custom schedule; absent if no schedule is used (masks). */
  readonly preset?: string | null;
  readonly credits?: number;
  readonly webhookUrl?: string | null;
}

/** @throws Refusal `forbidden` if a permit does not allow this; a render takes its request from the token itself */
export async function refuseBeyond(claims: Permit["claims"], asked: Asked): Promise<void> {
  const violation = await beyond(claims, asked);
  if (violation !== null) throw new Refusal("forbidden", violation);
}

async function beyond(claims: Permit["claims"], asked: Asked): Promise<string | null> {
  if (claims.act === "edit") return violationOf(claims, asked);
  return claims.act === "render" ? tooDear(claims, asked) : "this token is for uploads";
}

/**
 * Why an edit token does not allow this, in words, or null if it does. Anything that no constraint names is free: the
 * source prompt, mask, output and metadata.
 */
export async function violationOf(claims: ClaimsOf<"edit">, asked: Asked): Promise<string | null> {
  const { img, prm, pre } = claims;
  if (img !== undefined && asked.image !== img) return "this token is for another image";
  if (prm !== undefined && !prm.includes(await promptDigest(asked.prompt)))
    return "this token allows other prompts only";
  if (pre !== undefined && asked.preset !== undefined && !pre.includes(asked.preset ?? ""))
    return `this token allows these presets only: ${pre.join(", ")}`;
  // The webhook would go, under the account's signature, to an address chosen by the bearer.
  if (asked.webhookUrl != null) return "a token cannot set webhook_url; use a key";
  return tooDear(claims, asked);
}

function tooDear(claims: { readonly crd?: number | undefined }, { credits = 0 }: Asked): string | null {
  const { crd = credits } = claims;
  return credits > crd ? `this token allows ${crd} credits an edit; this one costs ${credits}` : null;
}
