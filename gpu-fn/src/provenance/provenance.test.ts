import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { settingsSchema } from "../server/settings.ts";
import { developmentKeys, developmentTrust } from "./development.ts";
import { portraitPhoto } from "./photo.fixture.ts";
import { encodeResult, NO_PROVENANCE, openProvenance } from "./provenance.ts";
import { verifyPicture, wordsOf } from "./verdict.ts";

const GPU_SECRET = "a-secret-of-the-tests-0123456789abcdef";
const photoSha256 = "0123456789abcdef".repeat(4);
const model = { id: "mini", version: "7" };
const output = { format: "png" } as const;

async function publication(c2pa: boolean, watermark: boolean) {
  const edited = await portraitPhoto(256);
  return { output, provenance: { c2pa, watermark }, photoSha256, model, edited, mask: null };
}

test("a local installation keeps its keys private; its results show where they come from", async () => {
  const state = await mkdtemp(join(tmpdir(), "provenance-"));
  try {
    const keys = await developmentKeys(state, () => {});
    expect(await developmentKeys(state, () => {})).toEqual(keys);
    expect((await stat(join(state, "provenance/key.pem"))).mode & 0o077).toBe(0);

    const opened = await openProvenance(settingsSchema.parse({ GPU_SECRET, ...keys, WATERMARK_TAG: "3" }));
    const { bytes, provenance } = await encodeResult(opened, await publication(true, true));
    expect(provenance).toEqual({ c2pa: true, watermark: "held" });
    const verdict = await verifyPicture({ bytes }, developmentTrust(state));
    expect(verdict.credentials?.state).toBe("trusted");
    expect(verdict.watermark).toMatchObject({ found: true, version: 1, tag: 3, extent: "whole" });
    await opened.marker?.close();
    const words = wordsOf(verdict).join("\n");
    expect(words).toMatch(/signed by someone you trust/);
    expect(words).toMatch(/watermark: found in the whole picture, version 1, tag 3/);
  } finally {
    await rm(state, { recursive: true });
  }
});

test("an account's setting is respected, and without keys nothing is claimed", async () => {
  const secret = "the secret of a deployment in a test";
  const marks = await openProvenance(settingsSchema.parse({ GPU_SECRET, WATERMARK_SECRET: secret }));
  const off = await encodeResult(marks, await publication(true, false));
  expect(off.provenance).toEqual({ c2pa: false, watermark: "none" });
  expect(off).toEqual(await encodeResult(NO_PROVENANCE, await publication(true, true)));
  expect((await encodeResult(marks, await publication(false, true))).provenance.watermark).toBe("held");
  await marks.marker?.close();
});

test("a certificate without its key, or a value that is not PEM, is refused at the start", () => {
  const missing = (settings: object) =>
    settingsSchema.safeParse({ GPU_SECRET, ...settings }).error?.issues[0]?.path;
  expect(missing({ C2PA_CERTIFICATES: "-----BEGIN CERTIFICATE-----" })).toEqual(["C2PA_PRIVATE_KEY"]);
  expect(missing({ C2PA_PRIVATE_KEY: "secret" })).toEqual(["C2PA_PRIVATE_KEY"]);
  expect(missing({ WATERMARK_SECRET: "short" })).toEqual(["WATERMARK_SECRET"]);
});
