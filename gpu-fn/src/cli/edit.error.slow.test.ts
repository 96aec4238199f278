// What the command line refuses: one clear line, a non-zero exit code, nothing written, no stack trace.
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runEdit } from "./command.fixture.ts";

const MODEL = join(import.meta.dirname, "../../models/mini");
const PROMPT = "a person wearing glasses";

let folder: string;
let photo: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "flux-sculptor-cli-"));
  photo = join(folder, "photo.png");
  await sharp({ create: { width: 96, height: 96, channels: 3, background: "#c98" } })
    .png()
    .toFile(photo);
});
afterAll(() => rm(folder, { recursive: true }));

/** Runs a command that must be refused and returns its one line. */
async function refusal(code: number, ...args: string[]): Promise<string> {
  const before = await readdir(folder);
  const ended = await runEdit(args);
  expect(ended.stderr).toMatch(/^error: [^\n]+\n$/);
  expect(ended.code).toBe(code);
  expect(await readdir(folder)).toEqual(before);
  return ended.stderr;
}

async function file(name: string, bytes: Uint8Array | string): Promise<string> {
  await writeFile(join(folder, name), bytes);
  return join(folder, name);
}

describe("refuses photos", () => {
  test("that are missing, text or cut off, and empty folders and patterns", async () => {
    expect(await refusal(2, join(folder, "none.png"), PROMPT)).toContain("there is no file");
    expect(await refusal(2, join(folder, "*.jpg"), PROMPT)).toContain("no file matches");
    const empty = join(folder, "empty");
    await mkdir(empty);
    expect(await refusal(2, empty, PROMPT)).toContain("there is no photo in the folder");
    expect(await refusal(2, await file("text.png", "no picture"), PROMPT)).toContain("cannot be decoded");
    const whole = await readFile(photo);
    const cut = await file("cut.png", whole.subarray(0, whole.length - 30));
    expect(await refusal(2, cut, PROMPT)).toContain("damaged or cut off");
  });

  test("of one pixel or 30 megapixels, or animated", async () => {
    const plain = (width: number, height: number) =>
      sharp({ create: { width, height, channels: 3, background: "#c98" } });
    const dot = await file("dot.png", await plain(1, 1).png().toBuffer());
    expect(await refusal(2, dot, PROMPT)).toContain("at least 64 pixels");
    const field = await file("field.png", await plain(6000, 5000).png({ compressionLevel: 1 }).toBuffer());
    expect(await refusal(2, field, PROMPT)).toContain("at most 25 megapixels");
    const frames = [await readFile(photo), await plain(96, 96).negate().png().toBuffer()];
    const film = await file(
      "film.webp",
      await sharp(frames, { join: { animated: true } })
        .webp()
        .toBuffer(),
    );
    expect(await refusal(2, film, PROMPT)).toContain("animated");
  });
});

describe("refuses masks", () => {
  test("that are empty or not of the photo's size", async () => {
    const mask = (side: number) =>
      sharp({ create: { width: side, height: side, channels: 3, background: "black" } })
        .png()
        .toBuffer();
    const other = await file("other.png", await mask(90));
    expect(await refusal(2, photo, PROMPT, "--mask", other)).toContain("it is 90×90, the photo is 96×96");
    const empty = await file("empty.png", await mask(96));
    expect(await refusal(2, photo, PROMPT, "--mask", empty)).toContain("the mask is empty");
  });
});

describe("refuses outputs", () => {
  test("with one name for two files, the photo's own name, or one file for several photos", async () => {
    const second = await file("second.png", await readFile(photo));
    const same = join(folder, "same.png");
    expect(await refusal(2, photo, PROMPT, "--out", same, "--grid", same)).toContain("the same name");
    expect(await refusal(2, photo, PROMPT, "--out", photo)).toContain("would be overwritten");
    expect(await refusal(2, photo, photo, second, PROMPT, "--out", second)).toContain("need a folder");
  });
});

describe("refuses servers", () => {
  test("with an invalid address, without a key, or together with a model", async () => {
    const api = (url: string) => [photo, PROMPT, "--api", url];
    expect(await refusal(2, ...api("nowhere"))).toContain("give the server's address");
    expect(await refusal(2, ...api("https://flux.test"))).toContain("FLUX_API_KEY");
    const { code, stderr } = await runEdit([...api("https://flux.test/?token=a"), "--model", "m.json"]);
    expect([code, stderr.split("\n")[0]]).toEqual([2, expect.stringContaining("cannot be used with")]);
  });
});

describe("refuses words and numbers", () => {
  test("by a word policy, which needs no weights", async () => {
    const { code, stderr } = await runEdit([photo, "a naked man"], {
      env: { MODERATION_OFF: "", MODERATION_WEIGHTS: join(folder, "nowhere") },
    });
    expect([code, stderr.trim()]).toEqual([2, expect.stringContaining("the policy prompt.sexual")]);
  });

  test.each([
    ["an empty prompt", [""], "the prompt is empty"],
    ["10,000 characters", ["a".repeat(10_000)], "longer than 500"],
    ["another script", ["γυναίκα με γυαλιά"], "Latin letters"],
    ["control characters", ["a\u0007 woman"], "control characters"],
    ["a bad source prompt", [PROMPT, "--source", "\u0007"], "the source prompt"],
    ["T > N", [PROMPT, "--steps", "4", "--structuring", "5"], "structuring_steps must not exceed steps"],
    ["no steps", [PROMPT, "--steps", "0"], "steps"],
    ["m beyond the blocks", [PROMPT, "--blocks", "99"], "99"],
    ["an output of another kind", [PROMPT, "--out", "out.txt"], "ending in .png"],
    ["an output nowhere", [PROMPT, "--out", "/nowhere/out.png"], "the folder /nowhere cannot be written to"],
  ])("%s", async (_, args, words) => {
    expect(await refusal(2, photo, ...args)).toContain(words);
  });

  test("with exit code 2 for missing arguments and unknown options", async () => {
    for (const args of [
      [],
      [photo],
      [photo, PROMPT, "--wings"],
      [photo, PROMPT, "--steps", "many"],
      [photo, PROMPT, "--preset", "swift"],
    ]) {
      const { code, stderr } = await runEdit(args);
      expect(code).toBe(2);
      expect(stderr).toMatch(/^error: /);
      expect(stderr).not.toContain("    at ");
    }
  });
});

describe("refuses weights", () => {
  test("without a manifest, or with a file that is missing, cut off or swapped", async () => {
    expect(await refusal(3, photo, PROMPT, "--model", join(folder, "none.json"))).toContain("manifest");
    const model = join(folder, "model");
    await mkdir(model);
    for (const name of await readdir(MODEL))
      if (/\.(json|safetensors)$/.test(name)) await copyFile(join(MODEL, name), join(model, name));
    const manifest = join(model, "manifest.json");
    await truncate(join(model, "ae.safetensors"), 2_000);
    await refusal(3, photo, PROMPT, "--model", manifest);
    await copyFile(join(MODEL, "pasl.safetensors"), join(model, "ae.safetensors"));
    expect(await refusal(3, photo, PROMPT, "--model", manifest)).toContain("tensor");
    await rm(join(model, "ae.safetensors"));
    await refusal(3, photo, PROMPT, "--model", manifest);
    await writeFile(manifest, "{");
    expect(await refusal(3, photo, PROMPT, "--model", manifest)).toContain("not JSON");
  });
});
