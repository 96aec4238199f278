import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";

test("measures prepacked and mapped weights, and removes the float32 copy", async () => {
  const copies = () => readdirSync(tmpdir()).filter((name) => name.startsWith("flux-float32-"));
  const before = copies().length;
  const said = await new Promise<string>((resolve, reject) => {
    const args = [join(import.meta.dirname, "main.ts"), "--rounds", "1", "--float32"];
    execFile(process.execPath, args, (error, stdout) => (error ? reject(error) : resolve(stdout)));
  });
  expect(said).toMatch(/^prepacked +\d+ MB +\d+ MB +\d+ ms +[\d.]+ ms$/m);
  expect(said).toMatch(/^mapped +\d+ MB +\d+ MB +\d+ ms +[\d.]+ ms$/m);
  expect(copies()).toHaveLength(before);
});
