import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createClient } from "../../../shared/client/src/index.ts";
import type { Admin } from "../../local/admin.ts";

/** An account with keys and data, so that requests get past "not found". */
export interface SampleAccount {
  /** Secret keys of two accounts that must not see each other's things; the things are the first one's. */
  readonly keys: readonly [string, string];
  readonly account: string;
  readonly image: string;
  /** Images that may be erased. */
  readonly erasable: readonly string[];
  readonly edit: string;
  /** A key that may be revoked. */
  readonly revocable: string;
  readonly tokens: { readonly uploads: readonly string[]; readonly render: string };
  /** A signed URL of a file, in its parts. */
  readonly file: { readonly key: string; readonly expires: string; readonly signature: string };
}

const PORTRAIT = join(import.meta.dirname, "../../../gpu-fn/examples/portrait-01.png");
const UNLIMITED = { requests: 1_000_000, edits: 1_000_000 };
const CREDITS = 1_000_000;

/** Creates them through the API. @param name of an account that nothing else uses: its credits may be taken back */
export async function createSampleAccount(url: string, admin: Admin, name: string): Promise<SampleAccount> {
  const [account, other] = [
    await admin.openAccount(name, CREDITS),
    await admin.openAccount(`beside ${name}`, CREDITS),
  ];
  const keys = [
    await admin.openKey(account, "contract", UNLIMITED),
    await admin.openKey(other, "another", UNLIMITED),
  ] as const;
  const client = createClient({ url, key: keys[0] });
  const upload = async () => (await client.upload(readFileSync(PORTRAIT))).id;
  const image = await upload();
  const edit = await client.createEdit({ image, prompt: "a woman wearing glasses" }, { wait: 30 });
  const [first, second] = await Promise.all(
    (["image/png", "image/webp"] as const).map((content_type) => client.createUpload({ content_type })),
  );
  const render = await client.createToken({
    action: "render",
    expires_in: 3_600,
    constraints: { image, prompts: ["a woman wearing glasses"] },
  });
  const file = new URL(edit.image?.url ?? "");
  return {
    keys,
    account,
    image,
    erasable: [await upload(), await upload()],
    edit: edit.id,
    revocable: keyIdOf(await admin.openKey(account, "revocable")),
    tokens: {
      uploads: [first, second].map((upload) => lastSegment(upload?.url ?? "")),
      render: lastSegment(render.url),
    },
    file: {
      key: decodeURIComponent(file.pathname.replace("/v1/files/", "")),
      expires: file.searchParams.get("expires") ?? "",
      signature: file.searchParams.get("signature") ?? "",
    },
  };
}

/** `sk_ACCT_KEY_SECRET_MAC` */
const keyIdOf = (text: string) => `key_${text.split("_")[2]}`;

const lastSegment = (url: string) => new URL(url).pathname.split("/").at(-1) ?? "";
