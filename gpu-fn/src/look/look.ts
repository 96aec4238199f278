/** Checks an edit without the model: whether there is a face to edit, and whether the words ask for anything. */
import { chooseFace, ranked } from "../faces/choose.ts";
import { openFaceFinder } from "../faces/finder.ts";
import { decodePhoto } from "../image/decode.ts";
import { sharedDecoder } from "../image/decoder/decoder.ts";
import { readManifest } from "../manifest/manifest.ts";
import type { PhotoRequest } from "../region/request.ts";
import { readRequest, type Wording } from "../words/reader.ts";
import { openTaught } from "../words/taught.ts";

export interface LookRequest extends Wording, Pick<PhotoRequest, "face"> {
  readonly sourcePrompt: string;
  /** Null if a mask is sent, which itself says where to edit. */
  readonly photo: PhotoRequest["photo"] | null;
}

/** @throws InputError like the edit itself would before its first evaluation */
export type Look = (request: LookRequest) => Promise<void>;

/**
 * @param manifest path of the model's manifest
 * @param encoder folder of the sentence encoder's weights
 * @throws WeightsError
 */
export async function openLook(
  manifest: string,
  encoder: string,
): Promise<{ readonly look: Look; warmUp(): void }> {
  const [taught, findFaces] = await Promise.all([
    readManifest(manifest).then((read) => openTaught(read, encoder)),
    openFaceFinder(),
  ]);
  const look: Look = async ({ prompt, locate, sourcePrompt: source, photo, face }) => {
    await readRequest({ prompt, locate }, { source, masked: photo === null }, taught);
    if (photo === null) return;
    const decoded = await decodePhoto(photo.bytes);
    chooseFace(ranked(await findFaces(decoded), decoded), face);
  };
  return {
    look,
    warmUp() {
      sharedDecoder().warm();
      // a look that needs the encoder reports why it cannot be opened
      taught?.meaning().catch(() => {});
    },
  };
}
