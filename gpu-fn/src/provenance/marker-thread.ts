// The thread that marks pictures one after another; see marker.ts.
import type { Photo } from "../image/picture.ts";
import { givingAway, serveThread } from "../thread/serve-thread.ts";
import type { MarkOutcome } from "./marker.ts";
import { type MarkKey, markPicture } from "./watermark/mark.ts";

/** The marked colours, whose memory is transferred without a copy. */
async function marked(picture: Photo, mask: Uint8Array | null, key: MarkKey): Promise<MarkOutcome> {
  try {
    const { held, picture: marked } = await markPicture(picture, mask, key);
    if (held === "none") return { held, rgb: null };
    const rgb = new Uint8Array(marked.rgb);
    return givingAway({ held, rgb }, rgb.buffer);
  } catch (error) {
    // only its class, because logs must contain nothing of a picture
    throw new Error(`the mark could not be made: ${error instanceof Error ? error.name : "unknown"}`);
  }
}

await serveThread(async (key) => ({
  perform: (_, [picture, mask]) => marked(picture as Photo, mask as Uint8Array | null, key as MarkKey),
}));
