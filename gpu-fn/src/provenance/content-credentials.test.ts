import { beforeAll, expect, test } from "vitest";
import { IMAGE_FORMATS } from "../../../shared/image.ts";
import { encodePhoto } from "../image/encode.ts";
import { type CredentialSigner, openSigner, SOURCE_TYPE } from "./content-credentials.ts";
import { type DevelopmentChain, developmentChain } from "./development-chain.ts";
import { portraitPhoto } from "./photo.fixture.ts";
import { readCredentials } from "./read-credentials.ts";

const photoSha256 = "0123456789abcdef".repeat(4);
const model = { id: "mini", version: "7" };

let chain: DevelopmentChain;
let signer: CredentialSigner;

beforeAll(async () => {
  chain = await developmentChain("a test");
  signer = await openSigner(chain);
});

test.each(IMAGE_FORMATS)(
  "a signed %s says that a model edited part of a photo, and nothing more about it",
  async (format) => {
    const picture = await encodePhoto(await portraitPhoto(128), format);
    const signed = signer.sign(picture, { format, photoSha256, model });
    expect(await readCredentials(signed, `image/${format}`, chain.root)).toEqual({
      state: "trusted",
      generator: "Flux-Sculptor 0.1.0",
      signer: { issuer: "Flux-Sculptor development", name: "a test" },
      actions: [
        { action: "c2pa.opened", sourceType: null },
        { action: "c2pa.edited", sourceType: SOURCE_TYPE },
      ],
      madeFrom: [`sha256:${photoSha256}`],
      faults: [],
    });
    // a manifest, its certificates and room for a time stamp, but no thumbnail
    expect(signed.length - picture.length).toBeLessThan(16_000);
    expect(await readCredentials(picture, `image/${format}`)).toBeNull();
  },
);

test("a signer who is not on a list is not trusted, and a changed file is invalid", async () => {
  const signed = signer.sign(await encodePhoto(await portraitPhoto(128), "png"), {
    format: "png",
    photoSha256,
    model,
  });
  const { state, faults } = (await readCredentials(signed, "image/png")) ?? {};
  expect({ state, faults }).toEqual({ state: "valid", faults: ["signingCredential.untrusted"] });

  const changed = Uint8Array.from(signed);
  // near the end of the pixel data, before its checksum and the closing chunk
  changed[changed.length - 40] = (changed[changed.length - 40] as number) ^ 1;
  const broken = await readCredentials(changed, "image/png", chain.root);
  expect(broken?.state).toBe("invalid");
  expect(broken?.faults).toContain("assertion.dataHash.mismatch");
});

test("another chain's root does not make this signature trusted", async () => {
  const signed = signer.sign(await encodePhoto(await portraitPhoto(128), "png"), {
    format: "png",
    photoSha256,
    model,
  });
  const { root } = await developmentChain("somebody else");
  expect((await readCredentials(signed, "image/png", root))?.state).toBe("valid");
});

test("a key that does not match the certificate is refused at once", async () => {
  const { privateKey } = await developmentChain("somebody else");
  const { certificates } = chain;
  await expect(openSigner({ certificates, privateKey })).rejects.toThrow("is not the certificate's");
});
