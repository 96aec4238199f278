/** The benchmark's cases as files, so that another editor can be run on exactly them. */
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import sharp from "sharp";
import { InputError } from "../../src/errors.ts";
import { encodeGrey } from "../../src/image/encode.ts";
import { type AskedEdit, drawCase, type EditCase, type NamedCase, type SourcePictures } from "./cases.ts";
import { placeOf } from "./external.ts";

/** A case with what there is of its pictures: a photo has no truth, and a region only by a parser. */
export interface ExportedCase {
  readonly edit: AskedEdit & NamedCase;
  readonly pictures: SourcePictures & { readonly region?: Uint8Array; readonly truth?: Uint8Array };
}

/** Renders, drawn one at a time. */
export async function* drawnCases(cases: readonly EditCase[], size: number): AsyncGenerator<ExportedCase> {
  for (const edit of cases) yield { edit, pictures: await drawCase(edit, size) };
}

/**
 * Writes `source/`, `mask/` (white is the region) and `truth/`, each `<attribute>/<seed or photo>.png`, and last
 * `cases.jsonl`: a line a case with prompts, these files' names, and `result`, where `--results` looks for the answer.
 * @returns how many cases were written
 * @throws InputError if the folder cannot be written to
 */
export async function exportCases(
  folder: string,
  cases: AsyncIterable<ExportedCase>,
  resolution: number,
): Promise<number> {
  const lines: string[] = [];
  const write = async (kind: string, place: string, png: Uint8Array) => {
    const file = `${kind}/${place}.png`;
    const path = join(folder, file);
    await mkdir(dirname(path), { recursive: true })
      .then(() => writeFile(path, png))
      .catch(refuse);
    return file;
  };
  for await (const { edit, pictures } of cases) {
    const place = placeOf(edit);
    const { file, region, truth } = pictures;
    lines.push(
      JSON.stringify({
        attribute: edit.attribute,
        ...("seed" in edit ? { seed: edit.seed } : { photo: edit.photo }),
        region: edit.region,
        source_prompt: edit.sourcePrompt,
        target_prompt: edit.targetPrompt,
        source: await write("source", place, file),
        ...(region && { mask: await write("mask", place, await encodeGrey(region, resolution, resolution)) }),
        ...(truth && { truth: await write("truth", place, await encodeColours(truth, resolution)) }),
        result: `${place}.png`,
      }),
    );
  }
  await writeFile(join(folder, "cases.jsonl"), lines.map((line) => `${line}\n`).join("")).catch(refuse);
  return lines.length;
}

function refuse(cause: unknown): never {
  throw new InputError("output_unwritable", `the cases cannot be written: ${(cause as Error).message}`, {
    cause,
  });
}

async function encodeColours(rgb: Uint8Array, side: number): Promise<Uint8Array> {
  return sharp(rgb, { raw: { width: side, height: side, channels: 3 } })
    .png()
    .toBuffer();
}
