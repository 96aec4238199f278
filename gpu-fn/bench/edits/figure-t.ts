import { chartsSvg } from "../kit/charts.ts";
import { figures, type Names } from "./figures.ts";
import type { Judged } from "./judge-edits.ts";
import { FUSIONS, STAGES } from "./variants.ts";

/**
 * The paper's Figure 8 as an SVG: a curve a fusion over T, of the classifier's mean score of the asked attribute (the
 * paper plots its CLIP score there) and of PSNR outside of the true region.
 * @param found results by the names that `variants.ts` gives the figure's editors
 */
export function figureT(found: ReadonlyMap<string, readonly Judged[]>, names: Names): string {
  const curves = (of: (f: ReturnType<typeof figures>) => number) =>
    Object.keys(FUSIONS).map((fusion) => ({
      name: fusion,
      points: STAGES.map((t) => {
        const edits = found.get(`${fusion}, T = ${t}`) ?? [];
        return [t, of(figures(edits, "edited", names))] as const;
      }),
    }));
  return chartsSvg([
    { title: "Edit: score of the asked attribute", x: "T", y: "score", curves: curves((f) => f.attr_score) },
    { title: "Preservation: PSNR outside", x: "T", y: "dB", curves: curves((f) => f.psnr_outside_db) },
  ]);
}
