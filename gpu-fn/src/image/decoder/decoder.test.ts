// A picture that overloads or crashes the decoder is refused, and no other.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { InputError } from "../../errors.ts";
import { decodePhotoHere } from "./decode-here.ts";
import { Decoder, DecoderEndedError } from "./decoder.ts";
import { DECODER_LIMITS, type DecoderLimits, heldLimits } from "./limits.ts";
import { junk, memoryBomb, ordinary } from "./pictures.fixture.ts";

const open: Decoder[] = [];

const decoder = (limits: Partial<DecoderLimits> = {}, program?: string) => {
  const made = new Decoder({ ...DECODER_LIMITS, ...limits }, program);
  open.push(made);
  return made;
};

afterEach(() => {
  for (const made of open.splice(0)) made.close();
});

const refusal = async (decoded: Promise<unknown>): Promise<InputError> => {
  const error: unknown = await decoded.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(InputError);
  return error as InputError;
};

const onLinux = process.platform === "linux";

test("the pixels equal those decoded in this process, byte for byte", async () => {
  const picture = await ordinary();
  const { photo, pid } = { photo: await decoder().photo(picture), pid: process.pid };
  expect(open[0]?.pid).not.toBe(pid);
  const here = await decodePhotoHere(picture);
  expect([photo.width, photo.height, photo.alpha]).toEqual([here.width, here.height, null]);
  expect(Buffer.from(photo.rgb).equals(here.rgb)).toBe(true);
});

test("a slice of the pixels is a copy, wherever they were decoded", async () => {
  const picture = await ordinary();
  for (const { rgb } of [await decodePhotoHere(picture), await decoder().photo(picture)]) {
    const before = rgb[0];
    rgb.slice().fill((before as number) ^ 1);
    expect(rgb[0]).toBe(before);
  }
});

test("a photo is reduced to the requested size, and a smaller one keeps its size", async () => {
  const made = decoder();
  const oblong = await sharp(await ordinary(400))
    .resize(400, 300, { fit: "fill" })
    .jpeg()
    .toBuffer();
  const small = await made.photo(oblong, 100);
  expect([small.width, small.height, small.rgb.length]).toEqual([100, 75, 22_500]);
  expect((await made.photo(oblong, 500)).width).toBe(400);
});

describe.runIf(onLinux)("the process", () => {
  beforeEach(() => {
    process.env.A_SECRET_OF_THE_PARENT = "not for the child";
  });
  afterEach(() => {
    delete process.env.A_SECRET_OF_THE_PARENT;
  });

  test("has a memory limit, none of our environment, and no network if the system allows that", async () => {
    const made = decoder();
    await made.photo(await ordinary(64));
    const of = (file: string) => readFileSync(`/proc/${made.pid}/${file}`, "utf8");
    expect(of("limits")).toMatch(new RegExp(`^Max data size +${DECODER_LIMITS.memoryBytes} `, "m"));
    expect(of("limits")).toMatch(/^Max core file size +0 /m);
    const names = of("environ")
      .split("\0")
      .map((entry) => entry.split("=")[0]);
    expect(names.filter((name) => name !== "" && name !== "PWD").sort()).toEqual([
      "MALLOC_ARENA_MAX",
      "UV_THREADPOOL_SIZE",
      "VIPS_DISC_THRESHOLD",
    ]);
    const networks = of("net/dev")
      .split("\n")
      .slice(2)
      .map((line) => line.split(":")[0]?.trim());
    if (heldLimits().no_network) expect(networks.filter((name) => name !== "")).toEqual(["lo"]);
  });
});

test("a bomb that needs more memory than allowed is refused; the next picture is decoded", async () => {
  const made = decoder({ memoryBytes: 300 * 2 ** 20 });
  const [bomb, picture] = [await memoryBomb(), await ordinary()];
  expect(bomb.length).toBeLessThan(2_000_000);
  const [refused, photo] = await Promise.all([refusal(made.photo(bomb)), made.photo(picture)]);
  expect(refused.code).toBe("image_undecodable");
  expect(photo.width).toBe(256);
});

test("a picture is decoded in time though this thread was too busy to hear of it", async () => {
  const made = decoder({ timeMs: 500 });
  const picture = await ordinary(1024);
  await made.photo(picture);
  const decoded = made.photo(picture);
  const busyUntil = performance.now() + 1_500;
  while (performance.now() < busyUntil);
  expect((await decoded).width).toBe(1024);
});

test("a picture that exceeds the time limit is stopped; the next process serves those behind it", async () => {
  const made = decoder({ timeMs: 500 });
  await made.photo(await ordinary(64));
  const first = made.pid;
  const [slow, picture] = [await memoryBomb(), await ordinary(64)];
  const [refused, ...photos] = await Promise.all([
    refusal(made.photo(slow)),
    made.photo(picture),
    made.grey(picture),
  ]);
  expect(refused).toMatchObject({ code: "image_undecodable", message: "the image takes too long to decode" });
  expect(refused.cause).toBeInstanceOf(DecoderEndedError);
  expect(photos.map(({ width }) => width)).toEqual([64, 64]);
  expect(made.pid).not.toBe(first);
});

test("if the process is killed while it works, its picture is refused, and no other", async () => {
  const made = decoder();
  await made.photo(await ordinary(64));
  const [slow, picture] = [await memoryBomb(), await ordinary(64)];
  const hit = refusal(made.photo(slow));
  const behind = [made.photo(picture), made.photo(picture)];
  const victim = made.pid ?? 0;
  await new Promise((resolve) => setTimeout(resolve, 100));
  process.kill(victim, "SIGKILL");
  expect(await hit).toMatchObject({ code: "image_undecodable", message: "the image made the decoder fail" });
  for (const photo of await Promise.all(behind)) expect(photo.width).toBe(64);
});

test("fifty pictures at once are answered one by one, each with its own result", async () => {
  const made = decoder();
  const picture = await ordinary(128);
  const cut = picture.subarray(0, picture.length / 2);
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, i) => {
      const sent = i % 10 === 3 ? junk() : i % 10 === 7 ? cut : picture;
      return made.photo(sent).then(
        ({ width }) => width,
        (error: InputError) => error.code,
      );
    }),
  );
  expect(answers).toEqual(
    Array.from({ length: 50 }, (_, i) => (i % 10 === 3 || i % 10 === 7 ? "image_undecodable" : 128)),
  );
});

test("a file larger than any photo is refused without being sent whole", async () => {
  expect(await refusal(decoder().photo(new Uint8Array(40_000_000)))).toMatchObject({
    code: "image_too_large",
  });
});

test("a refused mask gives a mask error", async () => {
  expect(await refusal(decoder().grey(junk()))).toMatchObject({ code: "mask_invalid" });
});

describe("a process that misbehaves", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "decoder-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** Reports that it is ready, then answers everything with the same message. */
  const speaking = (message: string) => {
    const frames = join(import.meta.dirname, "frames.ts");
    const path = join(folder, "program.ts");
    writeFileSync(
      path,
      `import { Socket } from "node:net";
       import { frameOf } from ${JSON.stringify(frames)};
       const out = new Socket({ fd: 3, readable: false });
       const say = (head, ...parts) => { for (const piece of frameOf(head, parts)) out.write(piece); };
       process.stdin.on("end", () => process.exit());
       process.stdin.on("data", () => { ${message} });
       say({ kind: "ready", dataBytes: null });`,
    );
    return path;
  };

  test.each([
    [
      "sizes that its pixels have not",
      `say({ kind: "photo", width: 9, height: 9, residentBytes: 0 }, new Uint8Array(3))`,
    ],
    [
      "an answer to something else",
      `say({ kind: "grey", width: 1, height: 1, residentBytes: 0 }, new Uint8Array(1))`,
    ],
  ])("%s are rejected", async (_, message) => {
    await expect(decoder({}, speaking(message)).photo(junk())).rejects.toThrow(/answered what was not asked/);
  });

  test.each([
    ["no message", `out.write(Buffer.alloc(64, 255))`],
    ["a message of no known kind", `say({ kind: "please" })`],
  ])("%s ends it", async (_, message) => {
    expect(await refusal(decoder({}, speaking(message)).photo(junk()))).toMatchObject({
      code: "image_undecodable",
    });
  });

  test("and does not start is the machine's fault, not the picture's, and is tried again later", async () => {
    const program = join(folder, "program.ts");
    writeFileSync(program, "process.exit(3)");
    const made = decoder({}, program);
    await expect(made.photo(junk())).rejects.toThrow("the decoder's process does not start");
    writeFileSync(
      program,
      readFileSync(speaking(`say({ kind: "refused", code: "image_animated", message: "no" })`)),
    );
    expect(await refusal(made.photo(junk()))).toMatchObject({ code: "image_animated" });
  });
});

test("the process neither keeps its parent alive nor outlives it", async () => {
  const script = `
    import { Decoder } from ${JSON.stringify(join(import.meta.dirname, "decoder.ts"))};
    const made = new Decoder();
    await made.photo(Buffer.from(${JSON.stringify((await ordinary(64)).toString("base64"))}, "base64"));
    process.stdout.write(String(made.pid));`;
  const parent = spawn(process.execPath, ["--input-type=module", "--eval", script]);
  let said = "";
  parent.stdout.on("data", (chunk) => {
    said += String(chunk);
  });
  expect((await once(parent, "exit"))[0]).toBe(0);
  const pid = Number(said);
  expect(pid).toBeGreaterThan(0);
  if (onLinux) await expect.poll(() => existsSync(`/proc/${pid}`), { timeout: 5_000 }).toBe(false);
});
