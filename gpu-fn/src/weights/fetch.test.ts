import {
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import type { statfs } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { WeightsError } from "../errors.ts";
import type { Manifest } from "../manifest/manifest.ts";
import { openWeights } from "../safetensors/safetensors.ts";
import { type FetchOptions, fetchWeights, freeBytes } from "./fetch.ts";
import { type FakeHub, openHub } from "./hub.fixture.ts";
import { scaledFiles, writeScaledManifest } from "./scaled-model.fixture.ts";
import { wantedFiles } from "./sources.ts";
import { partOf } from "./unfinished.ts";

const root = mkdtempSync(join(tmpdir(), "flux-weights-"));
const source = join(root, "source/manifest.json");
const TRANSFORMER = "black-forest-labs/FLUX.1-dev/flux1-dev.safetensors";

let manifest: Manifest;
let files: Map<string, Uint8Array>;
let hub: FakeHub;
let folder: string;

beforeAll(async () => {
  manifest = await writeScaledManifest(join(root, "source"));
  files = scaledFiles(manifest, "bfl");
});
afterAll(() => rmSync(root, { recursive: true }));
beforeEach(async () => {
  hub = await openHub({ gated: "hf_token" });
  folder = mkdtempSync(join(root, "to-"));
  for (const { repo, path, local } of wantedFiles(manifest, "bfl"))
    hub.files.set(`${repo}/${path}`, files.get(path) ?? (files.get(local) as Uint8Array));
});
afterEach(() => hub.close());

const fetchAll = (options: Partial<FetchOptions> = {}) =>
  fetchWeights(manifest, source, folder, {
    hubUrl: hub.url,
    accessToken: "hf_token",
    agree: async () => true,
    pauseMs: 1,
    ...options,
  });

test("all files arrive bit for bit, with the manifest beside them", async () => {
  let [total, done] = [0, 0];
  const { downloaded, kept } = await fetchAll({
    onTotal: (all) => {
      total = all;
    },
    onBytes: (bytes) => {
      done += bytes;
    },
  });
  expect([downloaded.length, kept.length]).toEqual([8, 0]);
  for (const file of ["flux1-dev.safetensors", "text_encoder_2/model-00002-of-00002.safetensors"])
    expect(readFileSync(join(folder, file)).equals(files.get(file) as Uint8Array)).toBe(true);
  expect(readFileSync(join(folder, "manifest.json"), "utf8")).toBe(readFileSync(source, "utf8"));
  expect(done).toBe(total);
  expect(hub.cdnTokens.every((token) => token === undefined)).toBe(true);
});

test("one tensor of a large file is fetched without the rest", async () => {
  await fetchAll();
  const weights = openWeights(join(folder, "clip/text_projection.safetensors"));
  expect([...weights.names()]).toEqual(["text_projection.weight"]);
  const whole = files.get("model.safetensors") as Uint8Array;
  expect(hub.ranges.filter((range) => range.startsWith("openai/clip-vit-large-patch14/model")).length).toBe(
    3,
  );
  expect(statSync(join(folder, "clip/text_projection.safetensors")).size).toBeLessThan(whole.length / 10);
});

test("a second fetch downloads nothing; a changed file is checked, and replaced if it is wrong", async () => {
  await fetchAll();
  hub.ranges.length = 0;
  expect(await fetchAll()).toMatchObject({ downloaded: [] });
  const path = join(folder, "flux1-dev.safetensors");
  utimesSync(path, new Date(), new Date(1e12));
  expect(await fetchAll()).toMatchObject({ downloaded: [] });
  expect(hub.ranges).toEqual([]);
  const bytes = readFileSync(path);
  bytes[bytes.length - 1] = (bytes.at(-1) as number) ^ 1;
  writeFileSync(path, bytes);
  expect(await fetchAll()).toMatchObject({ downloaded: ["flux1-dev.safetensors"] });
  expect(readFileSync(path).equals(files.get("flux1-dev.safetensors") as Uint8Array)).toBe(true);
});

describe("transfers that break", () => {
  test("a transfer that is cut resumes where it stopped, in the same run", async () => {
    hub.faults.set(TRANSFORMER, ["cut", 500, "cut"]);
    await fetchAll();
    const starts = hub.ranges
      .filter((range) => range.startsWith(TRANSFORMER))
      .map((range) => Number(/bytes=(\d+)/.exec(range)?.[1]));
    expect(starts[0]).toBe(0);
    expect(starts[1]).toBeGreaterThan(0);
    expect(starts.at(-1)).toBeGreaterThan(starts[1] as number);
    expect(readFileSync(join(folder, "flux1-dev.safetensors"))).toHaveLength(
      (files.get("flux1-dev.safetensors") as Uint8Array).length,
    );
  });

  test("a transfer that is cut resumes in a later run", async () => {
    const whole = files.get("flux1-dev.safetensors") as Uint8Array;
    writeFileSync(partOf(join(folder, "flux1-dev.safetensors")), whole.subarray(0, 1000));
    await fetchAll();
    expect(hub.ranges).toContain(`${TRANSFORMER} bytes=1000-${whole.length - 1}`);
    expect(readFileSync(join(folder, "flux1-dev.safetensors")).equals(whole)).toBe(true);
  });

  test("a transfer that stalls is aborted", async () => {
    hub.faults.set(TRANSFORMER, ["stall"]);
    expect((await fetchAll({ stallMs: 200 })).downloaded).toHaveLength(8);
  });

  test("the answer of a server that ignores ranges is rejected", async () => {
    writeFileSync(partOf(join(folder, "flux1-dev.safetensors")), new Uint8Array(10));
    hub.faults.set(TRANSFORMER, Array(9).fill("whole"));
    await expect(fetchAll()).rejects.toThrow(/failed 5 times: status 200 in place of a range/);
  });

  test("wrong bytes are refused and removed", async () => {
    hub.faults.set(TRANSFORMER, ["wrong"]);
    await expect(fetchAll()).rejects.toThrow("the bytes are not those the hub has (sha256)");
    expect(() => statSync(partOf(join(folder, "flux1-dev.safetensors")))).toThrow("ENOENT");
    expect((await fetchAll()).downloaded.length).toBeGreaterThan(0);
  });

  test("wrong bytes of a small file, whose checksum is git's, are refused", async () => {
    hub.faults.set("openai/clip-vit-large-patch14/tokenizer.json", ["wrong"]);
    await expect(fetchAll()).rejects.toThrow("git-blob");
  });
});

describe("refused in one line", () => {
  test("a missing token and a wrong one", async () => {
    const options = { hubUrl: hub.url, agree: async () => true };
    const run = fetchWeights(manifest, source, folder, options);
    await expect(run).rejects.toBeInstanceOf(WeightsError);
    await expect(run).rejects.toThrow("FLUX.1-dev needs a token of the hub: set HF_TOKEN, or give --token");
    await expect(fetchAll({ accessToken: "hf_other" })).rejects.toThrow("does not accept this token");
  });

  test("an account that has not agreed to the terms", async () => {
    hub.strangers.add("hf_stranger");
    await expect(fetchAll({ accessToken: "hf_stranger" })).rejects.toThrow(
      `has no access to black-forest-labs/FLUX.1-dev: agree to its terms at ${hub.url}`,
    );
  });

  test("a file that is not on the hub", async () => {
    hub.files.delete(TRANSFORMER);
    await expect(fetchAll()).rejects.toThrow("has no file flux1-dev.safetensors");
  });

  test("a hub that cannot be reached", async () => {
    await expect(fetchAll({ hubUrl: "http://127.0.0.1:9" })).rejects.toThrow(/^the hub: /);
  });

  test("a disk that is too small, before anything is transferred", async () => {
    await expect(fetchAll({ freeBytes: async () => 1000 })).rejects.toThrow(
      /are to be downloaded .* 0.0 GB are free/,
    );
    expect(hub.ranges).toEqual([]);
  });

  test.runIf(existsSync("/dev/full"))("a disk that fills up during the transfer", async () => {
    symlinkSync("/dev/full", partOf(join(folder, "flux1-dev.safetensors")));
    await expect(fetchAll()).rejects.toThrow(
      /flux1-dev.safetensors: the disk is full; what is there is kept/,
    );
  });

  test("terms that are not agreed to; once agreed to, they are not asked about again", async () => {
    const asked: string[] = [];
    const agree =
      (answer: boolean) =>
      async ({ name }: { name: string }) => {
        asked.push(name);
        return answer;
      };
    await expect(fetchAll({ agree: agree(false) })).rejects.toThrow(
      "before it is agreed to (--accept-licence)",
    );
    expect(hub.ranges).toEqual([]);
    await fetchAll({ agree: agree(true) });
    await fetchAll({ agree: agree(false) });
    expect(asked).toEqual(Array(2).fill("FLUX.1 [dev] Non-Commercial License"));
  });
});

test("a volume that reports 0 free bytes is not treated as full", async () => {
  const reporting = (bavail: number) => (async () => ({ bavail, bsize: 4096 })) as unknown as typeof statfs;
  expect(await freeBytes("/", reporting(0))).toBe(Number.POSITIVE_INFINITY);
  expect(await freeBytes("/", reporting(2))).toBe(8192);
});
