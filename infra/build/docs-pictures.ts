// `npm run docs:pictures`: the pictures of edge/docs/method.md, made by the embedded model from one example portrait.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import sharp from "sharp";
import { contactSheet, type SheetRow } from "../../gpu-fn/bench/edits/sheet.ts";
import { TABLE_3 } from "../../gpu-fn/bench/edits/variants.ts";
import type { EditRequest, EditResult } from "../../gpu-fn/src/edit/request.ts";
import { type Engine, openEngine } from "../../gpu-fn/src/engine/engine.ts";
import { maskOptionsSchema } from "../../shared/mask.ts";
import { scheduleSchema } from "../../shared/schedule.ts";

const ROOT = join(import.meta.dirname, "../..");
const PORTRAIT = join(ROOT, "gpu-fn/examples/portrait-06.png");
const MINI = join(ROOT, "gpu-fn/models/mini/manifest.json");
const FOLDER = join(ROOT, "edge/docs/pictures");
const SOURCE = "a woman";

/** Side of the panels in pixels: the embedded model's input size. */
const SIDE = 128;

/** Of the eighteen regions, eight whose words point to different places. */
const REGIONS = [
  "a woman wearing glasses",
  "a bald woman",
  "a woman with black hair",
  "a woman with brown eyes",
  "a woman with bushy eyebrows",
  "a woman with a big nose",
  "a woman wearing red lipstick",
  "a woman smiling",
];

/** A new thing, a new shape, and a new colour over a large region. */
const KINDS = ["a woman wearing glasses", "a woman smiling", "a woman with black hair"];

const STAGES = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];

const photo = { bytes: new Uint8Array(await readFile(PORTRAIT)) };

/** The portrait as the panels show it. */
const source = new Uint8Array(
  await sharp(photo.bytes).resize(SIDE, SIDE).removeAlpha().toColourspace("srgb").raw().toBuffer(),
);

/** One edit of the portrait by the paper's schedule; its inversion is kept for the next. */
function edit(engine: Engine, prompt: string, change: Partial<EditRequest> = {}): Promise<EditResult> {
  return engine.edit({
    photo,
    prompt,
    sourcePrompt: SOURCE,
    inversionScope: "the portrait of the pictures",
    schedule: scheduleSchema.parse({}),
    maskOptions: maskOptionsSchema.parse({}),
    composite: "none",
    ...change,
  });
}

/** The portrait with everything outside the mask darkened. */
async function located({ mask, source: { width, height } }: EditResult): Promise<Uint8Array> {
  const raw = { width, height, channels: 1 } as const;
  const small = await sharp(mask, { raw }).resize(SIDE, SIDE).toColourspace("b-w").raw().toBuffer();
  return source.map((value, i) =>
    Math.round(value * (0.25 + (0.75 * (small[Math.floor(i / 3)] ?? 0)) / 255)),
  );
}

async function regions(engine: Engine): Promise<SheetRow[]> {
  const rows: SheetRow[] = [];
  for (const title of REGIONS) {
    const result = await edit(engine, title);
    rows.push({ title, panels: [source, await located(result), result.decoded] });
  }
  return rows;
}

async function stages(engine: Engine): Promise<SheetRow[]> {
  const rows: SheetRow[] = [];
  for (const title of KINDS) {
    const panels: Uint8Array[] = [source];
    for (const structuring_steps of STAGES) {
      const schedule = scheduleSchema.parse({ structuring_steps });
      panels.push((await edit(engine, title, { schedule })).decoded);
    }
    rows.push({ title, panels });
  }
  return rows;
}

async function ablations(engine: Engine): Promise<SheetRow[]> {
  const rows: SheetRow[] = [];
  for (const title of KINDS) {
    const panels: Uint8Array[] = [source];
    for (const { ablation } of TABLE_3) panels.push((await edit(engine, title, { ablation })).decoded);
    rows.push({ title, panels });
  }
  return rows;
}

const engine = await openEngine(MINI);
try {
  await mkdir(FOLDER, { recursive: true });
  const sheets = [
    { name: "masks", rows: await regions(engine), heads: ["source", "located", "edited"], perColumn: 4 },
    {
      name: "stages",
      rows: await stages(engine),
      heads: ["source", ...STAGES.map((t) => `T = ${t}`)],
      perColumn: 9,
    },
    {
      name: "ablation",
      rows: await ablations(engine),
      heads: ["source", ...TABLE_3.map(({ name }) => name)],
      perColumn: 9,
    },
  ];
  for (const { name, rows, heads, perColumn } of sheets) {
    const path = join(FOLDER, `${name}.jpg`);
    const bytes = await contactSheet(rows, SIDE, heads, perColumn);
    await writeFile(path, bytes);
    process.stdout.write(`${relative("", path)}: ${Math.round(bytes.byteLength / 1000)} kB\n`);
  }
} finally {
  await engine.close();
}
