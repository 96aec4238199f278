import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { NativePartError, openLibrary } from "./content-credentials.ts";

const FILES = {
  certificates: "chain.pem",
  root: "root.pem",
  privateKey: "key.pem",
  secret: "watermark-secret",
};

/** The keys a local installation signs and marks with, and what verifies them. */
export interface DevelopmentKeys {
  readonly C2PA_CERTIFICATES?: string;
  readonly C2PA_PRIVATE_KEY?: string;
  readonly WATERMARK_SECRET: string;
}

const folderOf = (state: string) => join(state, "provenance");

/**
 * Keys of a local installation, created at the first start and reused later, readable by this user only.
 * @param state the folder of all local state
 * @param say receives one line with the reason if nothing will be signed
 */
export async function developmentKeys(state: string, say: (line: string) => void): Promise<DevelopmentKeys> {
  const folder = folderOf(state);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = (name: keyof typeof FILES) => join(folder, FILES[name]);
  if (!existsSync(file("secret"))) keep(file("secret"), randomBytes(32).toString("base64url"));
  const marks = { WATERMARK_SECRET: readFileSync(file("secret"), "utf8") };
  try {
    await openLibrary();
  } catch (error) {
    if (!(error instanceof NativePartError)) throw error;
    say(`results are not signed: ${error.message}`);
    return marks;
  }
  if (!existsSync(file("certificates"))) {
    const { developmentChain } = await import("./development-chain.ts");
    const chain = await developmentChain("local installation");
    keep(file("root"), chain.root);
    keep(file("privateKey"), chain.privateKey);
    // written last: if it exists, so do the others
    keep(file("certificates"), chain.certificates);
  }
  return {
    ...marks,
    C2PA_CERTIFICATES: readFileSync(file("certificates"), "utf8"),
    C2PA_PRIVATE_KEY: readFileSync(file("privateKey"), "utf8"),
  };
}

/** What is needed to verify the results of a local installation, as far as it exists. */
export function developmentTrust(state: string): { readonly secret?: string; readonly anchors?: string } {
  const read = (name: keyof typeof FILES) => {
    const path = join(folderOf(state), FILES[name]);
    return existsSync(path) ? readFileSync(path, "utf8") : undefined;
  };
  const [secret, anchors] = [read("secret"), read("root")];
  return { ...(secret !== undefined && { secret }), ...(anchors !== undefined && { anchors }) };
}

/** Writes a file whole or not at all, readable by this user only. */
function keep(path: string, text: string): void {
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, text, { mode: 0o600 });
  chmodSync(draft, 0o600);
  renameSync(draft, path);
}
