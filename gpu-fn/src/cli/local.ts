import { createHash } from "node:crypto";
import { join } from "node:path";
import type { Progress } from "../../../shared/progress.ts";
import { openEngine } from "../engine.ts";
import { encodeGrey, encodePhoto } from "../image/encode.ts";
import { coverageOf } from "../image/grey.ts";
import type { Editor } from "./editor.ts";

const MINI = join(import.meta.dirname, "../../models/mini/manifest.json");

/** A phase in the words of who waits. */
export const DOING: Readonly<Record<Progress["phase"], string>> = {
  load: "loading",
  encode: "encoding",
  locate: "locating",
  inversion: "inverting",
  edit: "editing",
  decode: "decoding",
};

/** Edits on this machine. @throws WeightsError where the model's files are missing or damaged */
export async function openLocal(manifest: string = MINI): Promise<Editor> {
  const engine = await openEngine(manifest);
  return {
    async edit({ wanted, photo, mask, format, again }, { signal, onAdvance }) {
      const scope = again && createHash("sha256").update(photo.bytes).digest("hex");
      const result = await engine.edit(
        { ...wanted, photo, ...(mask && { mask }), ...(scope && { inversionScope: scope }) },
        {
          signal,
          onProgress: ({ phase, evaluations, planned }) =>
            onAdvance({ doing: DOING[phase], done: evaluations, total: planned }),
        },
      );
      const { source, edited, preservation, evaluations, timings } = result;
      const { width, height } = source;
      return {
        image: await encodePhoto(edited, format),
        width: edited.width,
        height: edited.height,
        mask: await encodeGrey(result.mask, width, height),
        coverage: coverageOf({ width, height, data: result.mask }),
        preservation: preservation && {
          psnr_outside_db: preservation.psnrOutsideDb,
          ssim_outside: preservation.ssimOutside,
        },
        evaluations,
        seconds: Object.values(timings).reduce((sum, ms) => sum + ms, 0) / 1000,
        editId: null,
        credits: null,
        panels: async () => result,
      };
    },
    close: () => engine.close(),
  };
}
