import { createPrivateKey, X509Certificate } from "node:crypto";
import type { Builder, LocalSigner } from "@contentauth/c2pa-node";
import type { ImageFormat } from "../../../shared/image.ts";

/** IPTC's term for a picture partly made by a trained model. */
export const SOURCE_TYPE =
  "http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia";

const CLAIM_GENERATOR = "Flux-Sculptor";

/** Version of the editing software; the claim also gives the model's version. */
const VERSION = "0.1.0";

/** A deployment's certificates, leaf first, and the leaf's ES256 key (PKCS #8): PEM. */
export interface SigningIdentity {
  readonly certificates: string;
  readonly privateKey: string;
  /** A time-stamp authority (RFC 3161), with which a claim outlives its certificate. */
  readonly timestampUrl?: string | undefined;
}

/** What a manifest says about an edit. It contains nothing of the prompt, the account or the photo's own metadata. */
export interface EditClaim {
  readonly format: ImageFormat;
  /** SHA-256 of the photo's bytes in hex, so that whoever has the photo can recognise it. */
  readonly photoSha256: string;
  readonly model: { readonly id: string; readonly version: string };
}

/** Puts signed content credentials into encoded pictures. */
export interface CredentialSigner {
  /** @throws Error if the certificate is not for signing claims, or has expired */
  sign(picture: Uint8Array, claim: EditClaim): Uint8Array;
}

/** The signing library's native part is not available on this machine. */
export class NativePartError extends Error {
  override readonly name = "NativePartError";
}

/** Opens the signing library. @throws NativePartError */
export async function openLibrary(): Promise<typeof import("@contentauth/c2pa-node")> {
  const library = await import("@contentauth/c2pa-node");
  try {
    library.Builder.new();
  } catch (cause) {
    throw new NativePartError(
      "content credentials need the native part of @contentauth/c2pa-node, which npm brings for Linux x64 alone; " +
        "elsewhere run: node node_modules/@contentauth/c2pa-node/scripts/postinstall.cjs",
      { cause },
    );
  }
  return library;
}

/** @throws NativePartError; Error if the certificates or the key cannot be read or do not match */
export async function openSigner(identity: SigningIdentity): Promise<CredentialSigner> {
  const { Builder, LocalSigner } = await openLibrary();
  const { certificates, privateKey, timestampUrl } = identity;
  // the library would sign with any key, and then nobody could verify the signature
  if (!new X509Certificate(certificates).checkPrivateKey(createPrivateKey(privateKey)))
    throw new Error("C2PA_PRIVATE_KEY is not the certificate's");
  const signer = LocalSigner.newSigner(
    Buffer.from(certificates),
    Buffer.from(privateKey),
    "es256",
    timestampUrl,
  );
  return {
    sign: (picture, claim) => embedded(Builder.withJson(manifestOf(claim), SETTINGS), signer, picture, claim),
  };
}

/** No thumbnails: a manifest must not contain pixels. */
const SETTINGS = { builder: { thumbnail: { enabled: false } } };

function embedded(
  builder: Builder,
  signer: LocalSigner,
  picture: Uint8Array,
  { format }: EditClaim,
): Uint8Array {
  const output: { buffer: Buffer | null } = { buffer: null };
  builder.sign(signer, { buffer: Buffer.from(picture), mimeType: `image/${format}` }, output);
  if (output.buffer === null) throw new Error("the signing library gave no picture back");
  return output.buffer;
}

function manifestOf({ format, photoSha256, model }: EditClaim) {
  const photo = `sha256:${photoSha256}`;
  return {
    claim_generator_info: [{ name: CLAIM_GENERATOR, version: VERSION }],
    format: `image/${format}`,
    // only its hash, neither the photo nor a thumbnail of it
    ingredients: [{ relationship: "parentOf", instance_id: photo, title: "photo" }],
    assertions: [
      {
        label: "c2pa.actions.v2",
        data: {
          actions: [
            { action: "c2pa.opened", parameters: { ingredientIds: [photo] } },
            {
              action: "c2pa.edited",
              softwareAgent: { name: model.id, version: model.version },
              digitalSourceType: SOURCE_TYPE,
            },
          ],
          allActionsIncluded: true,
        },
      },
    ],
  };
}
