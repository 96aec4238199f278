import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
/** Inputs that once broke something, as `TARGET-NAME.gz`: tests feed all of them again. */
export const FINDS = join(import.meta.dirname, "finds");
/** Keeps an input under its digest, so that the same find is one file. Returns the path. */
export function keepFind(folder, target, bytes) {
    mkdirSync(folder, { recursive: true });
    const digest = createHash("sha256").update(bytes).digest("hex").slice(0, 12);
    const path = join(folder, `${target}-${digest}.gz`);
    writeFileSync(path, gzipSync(bytes, { level: 9 }));
    return path;
}
/** All inputs kept in a folder, in the order of their names. */
export function readFinds(folder) {
    const files = readdirSync(folder).filter((file) => file.endsWith(".gz"));
    return files.sort().map((file) => ({
        target: file.slice(0, file.indexOf("-")),
        file,
        bytes: new Uint8Array(gunzipSync(readFileSync(join(folder, file)))),
    }));
}
