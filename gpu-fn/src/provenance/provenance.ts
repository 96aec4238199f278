import type { EditTask, Provenance } from "../../../shared/gpu.ts";
import { encodePhoto } from "../image/encode.ts";
import type { Photo } from "../image/picture.ts";
import { type CredentialSigner, openSigner } from "./content-credentials.ts";
import { type Marker, openMarker } from "./marker.ts";
import type { ProvenanceSettings } from "./settings.ts";
import { markKeyOf } from "./watermark/mark.ts";

/** What a deployment signs and marks its results with; null if it has no key. */
export interface ProvenanceKeys {
  readonly signer: CredentialSigner | null;
  readonly marker: Marker | null;
}

export const NO_PROVENANCE: ProvenanceKeys = { signer: null, marker: null };

/** @throws Error, one line, if certificates and key cannot sign */
export async function openProvenance(settings: ProvenanceSettings): Promise<ProvenanceKeys> {
  const { C2PA_CERTIFICATES: certificates, C2PA_PRIVATE_KEY: privateKey } = settings;
  const { WATERMARK_SECRET: secret, WATERMARK_TAG: tag, C2PA_TIMESTAMP_URL: timestampUrl } = settings;
  const signs = certificates !== undefined && privateKey !== undefined;
  return {
    signer: signs ? await openSigner({ certificates, privateKey, timestampUrl }) : null,
    marker: secret === undefined ? null : openMarker(markKeyOf(secret, tag)),
  };
}

/** What a result is encoded from. */
export interface Publication extends Pick<EditTask, "output" | "provenance"> {
  readonly photoSha256: string;
  readonly model: { readonly id: string; readonly version: string };
  readonly edited: Photo;
  /** Mask of the edit, of the edited picture's size; null means everywhere. */
  readonly mask: Uint8Array | null;
}

/** Encodes a result, and marks and signs it if the task asks for it and the deployment has the keys. */
export async function encodeResult(
  { signer, marker }: ProvenanceKeys,
  { output, provenance, photoSha256, model, edited, mask }: Publication,
): Promise<{ readonly bytes: Uint8Array; readonly provenance: Provenance }> {
  const { format, quality } = output;
  const marked =
    provenance.watermark && marker !== null
      ? await marker.mark(edited, mask)
      : ({ picture: edited, held: "none" } as const);
  const encoded = await encodePhoto(marked.picture, format, quality);
  const signs = provenance.c2pa && signer !== null;
  return {
    bytes: signs ? signer.sign(encoded, { format, photoSha256, model }) : encoded,
    provenance: { c2pa: signs, watermark: marked.held },
  };
}
