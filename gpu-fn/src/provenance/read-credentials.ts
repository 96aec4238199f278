import { z } from "zod";
import { openLibrary } from "./content-credentials.ts";

/** What we report of a picture's active manifest. */
export interface Credentials {
  /** `trusted`: signed under one of the anchors; `valid`: unchanged since signing; `invalid`: changed or damaged. */
  readonly state: "trusted" | "valid" | "invalid";
  readonly generator: string | null;
  readonly signer: { readonly issuer: string | null; readonly name: string | null };
  readonly actions: readonly { readonly action: string; readonly sourceType: string | null }[];
  /** Ids of the pictures that it was made from. */
  readonly madeFrom: readonly string[];
  /** C2PA codes of what is wrong with it. */
  readonly faults: readonly string[];
}

const manifestSchema = z.object({
  claim_generator_info: z.array(z.object({ name: z.string(), version: z.string().optional() })).default([]),
  ingredients: z.array(z.object({ instance_id: z.string().optional() })).default([]),
  assertions: z.array(z.object({ label: z.string(), data: z.unknown() })).default([]),
  signature_info: z.object({ issuer: z.string().nullish(), common_name: z.string().nullish() }).nullish(),
});

const storeSchema = z.object({
  active_manifest: z.string(),
  manifests: z.record(z.string(), manifestSchema),
  validation_state: z.enum(["Trusted", "Valid", "Invalid"]),
  validation_status: z.array(z.object({ code: z.string() })).default([]),
});

const actionsSchema = z.object({
  actions: z.array(z.object({ action: z.string(), digitalSourceType: z.string().nullish() })),
});

const STATES = { Trusted: "trusted", Valid: "valid", Invalid: "invalid" } as const;

/**
 * Reads and checks a picture's content credentials; null if it has none.
 * @param mimeType of the picture
 * @param anchors PEM certificates of authorities to trust
 * @throws NativePartError; Error if the credentials are too damaged to be read
 */
export async function readCredentials(
  picture: Uint8Array,
  mimeType: string,
  anchors?: string,
): Promise<Credentials | null> {
  const { Reader } = await openLibrary();
  const settings = {
    verify: { verify_trust: true, remote_manifest_fetch: false, ocsp_fetch: false },
    ...(anchors !== undefined && { trust: { trust_anchors: anchors } }),
  };
  const reader = await Reader.fromAsset({ buffer: Buffer.from(picture), mimeType }, settings);
  if (reader === null) return null;
  const store = storeSchema.parse(reader.json());
  const manifest = manifestSchema.parse(store.manifests[store.active_manifest]);
  const {
    claim_generator_info: [generator],
    ingredients,
    assertions,
    signature_info: signature,
  } = manifest;
  return {
    state: STATES[store.validation_state],
    generator: generator === undefined ? null : [generator.name, generator.version].filter(Boolean).join(" "),
    signer: { issuer: signature?.issuer ?? null, name: signature?.common_name ?? null },
    actions: assertions
      .filter(({ label }) => label.startsWith("c2pa.actions"))
      .flatMap(({ data }) => actionsSchema.parse(data).actions)
      .map(({ action, digitalSourceType }) => ({ action, sourceType: digitalSourceType ?? null })),
    madeFrom: ingredients.flatMap(({ instance_id: id }) => (id === undefined ? [] : [id])),
    faults: store.validation_status.map(({ code }) => code),
  };
}
