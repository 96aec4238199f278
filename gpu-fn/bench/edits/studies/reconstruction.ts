import sharp from "sharp";
import { maskOptionsSchema } from "../../../../shared/mask.ts";
import type { Schedule } from "../../../../shared/schedule.ts";
import { METHOD } from "../../../src/edit/ablation.ts";
import { editPortrait } from "../../../src/edit/edit.ts";
import { preservation } from "../../../src/edit/preservation.ts";
import { portrait, renderPortrait } from "../../../training/text2mask/render.ts";
import { mean } from "../metrics.ts";
import type { Bench, Study } from "../study.ts";

/** The plain edit under the source's own prompt: what inversion loses. */
const PLAIN = { ...METHOD, latent_fusion: false, value_fusion: false };

interface Row {
  readonly name: string;
  readonly psnr_db: number;
  readonly ssim: number;
}

/** Inverts portraits under their own prompt and comes back under it, without any fusion. */
async function reconstruct(bench: Bench): Promise<{ rows: Row[]; n: number }> {
  const { model, seed, perAttribute, schedule } = bench;
  const side = model.manifest.resolution;
  const everywhere = new Uint8Array(side * side).fill(1);
  const white = await sharp({ create: { width: side, height: side, channels: 3, background: "white" } })
    .png()
    .toBuffer();
  const { edit: strength = model.manifest.defaults.guidance.edit } = schedule("").guidance;
  const ways: { name: string; guidance: number }[] = [
    { name: "inverted and back at guidance 1", guidance: 1 },
    { name: `inverted and back at guidance ${strength}`, guidance: strength },
  ];
  const found = new Map<string, { psnr: number[]; ssim: number[] }>();
  const note = (name: string, picture: Uint8Array, source: Uint8Array) => {
    const kept = preservation(picture, source, everywhere, side);
    const row = found.get(name) ?? { psnr: [], ssim: [] };
    found.set(name, row);
    row.psnr.push(kept?.psnrOutsideDb ?? Number.NaN);
    row.ssim.push(kept?.ssimOutside ?? Number.NaN);
  };
  bench.expect(perAttribute * ways.length);
  for (let i = 0; i < perAttribute; i++) {
    const a = portrait(seed + i);
    const source = await renderPortrait(a, side);
    const raw = { width: side, height: side, channels: 3 } as const;
    const photo = { bytes: await sharp(source, { raw }).png().toBuffer() };
    for (const [index, { name, guidance }] of ways.entries()) {
      const base = schedule("");
      const used: Schedule = { ...base, guidance: { ...base.guidance, edit: guidance } };
      const prompt = `a ${a.gender}`;
      const { decoded, reconstructed } = await editPortrait(model, {
        photo,
        prompt,
        sourcePrompt: prompt,
        mask: { bytes: white },
        maskOptions: maskOptionsSchema.parse({}),
        schedule: used,
        ablation: PLAIN,
        composite: "none",
      });
      if (index === 0) note("autoencoder only", reconstructed, source);
      note(name, decoded, source);
      bench.tick(name);
    }
  }
  const rows = [...found].map(([name, { psnr, ssim }]) => ({ name, psnr_db: mean(psnr), ssim: mean(ssim) }));
  return { rows, n: perAttribute };
}

export const reconstruction: Study = {
  name: "reconstruction",
  about: "what autoencoder and inversion lose: the source's prompt both ways, whole pictures",
  async run(bench) {
    const { rows, n } = await reconstruct(bench);
    return {
      title: `Reconstruction of ${n} portraits under their own prompt`,
      columns: ["", "PSNR", "SSIM"],
      rows: rows.map(({ name, psnr_db, ssim }) => [name, `${psnr_db.toFixed(2)} dB`, ssim.toFixed(4)]),
      notes: ["PSNR and SSIM over the whole picture, against the source"],
      figures: { n, rows },
    };
  },
};
