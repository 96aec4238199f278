// The thread that checks photos and words before an edit, while the model's thread loads or edits.
import { CanceledError } from "../errors.ts";
import { serveThread } from "../thread/serve-thread.ts";
import { type LookRequest, openLook } from "./look.ts";
import type { LookOpening } from "./looker.ts";

await serveThread(async (data) => {
  const { manifest, encoder, warm } = data as LookOpening;
  const { look, warmUp } = await openLook(manifest, encoder);
  if (warm) warmUp();
  return {
    async perform(_call, [request], { signal }) {
      if (signal.aborted) throw new CanceledError();
      return look(request as LookRequest);
    },
  };
});
