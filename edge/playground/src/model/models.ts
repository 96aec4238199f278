import { z } from "zod";
import { FITNESS } from "../../../../shared/models.ts";
import type { PictureKind } from "./kind.ts";

const fitnessSchema = z.enum(FITNESS);

/** What of `GET /v1/models` is told to visitors. */
export const modelsSchema = z.object({
  models: z
    .array(
      z.object({
        id: z.string(),
        resolution: z.int(),
        domain: z.object({ drawings: fitnessSchema, photographs: fitnessSchema }),
      }),
    )
    .min(1),
});

export type Model = z.output<typeof modelsSchema>["models"][number];

/** What the model is not good at, where a picture of this kind is that; null where nothing is known against it. */
export function domainNote({ id, resolution, domain }: Model, kind: PictureKind): string | null {
  const [fitness, seen] =
    kind === "photograph" ? [domain.photographs, "a photograph"] : [domain.drawings, "a drawing"];
  if (fitness !== "weak") return null;
  return `This looks like ${seen}, which the model here (${id}) edits only roughly, ${resolution} pixels a side.`;
}
