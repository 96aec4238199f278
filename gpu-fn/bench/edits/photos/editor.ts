import { maskOptionsSchema } from "../../../../shared/mask.ts";
import type { Schedule } from "../../../../shared/schedule.ts";
import { editPortrait } from "../../../src/edit/edit.ts";
import type { Model } from "../../../src/model/model.ts";
import type { SourcePictures } from "../cases.ts";
import type { EditedPictures } from "../editor.ts";
import type { PhotoCase } from "./cases.ts";

/** One way of editing photos: an `Editor` that needs no truth. A folder of results serves renders and photos. */
export interface PhotoEditor {
  readonly name: string;
  edit(edit: PhotoCase, seen: SourcePictures): Promise<EditedPictures>;
}

/** This method as published, with the mask that PASL locates. */
export function methodOnPhotos(model: Model, scheduleFor: (attribute: string) => Schedule): PhotoEditor {
  return {
    name: "Flux-Sculptor",
    async edit({ attribute, sourcePrompt, targetPrompt }, { file }) {
      const { decoded, reconstructed, mask, edited } = await editPortrait(model, {
        photo: { bytes: file },
        prompt: targetPrompt,
        sourcePrompt,
        maskOptions: maskOptionsSchema.parse({}),
        schedule: scheduleFor(attribute),
        composite: "paste-back",
      });
      return { picture: decoded, reconstructed, mask, pasted: edited.rgb };
    },
  };
}
