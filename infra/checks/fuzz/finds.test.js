// Every input that once broke something, fed again: the answer now, besides no crash.
import { expect, test } from "vitest";
import { runCase } from "./case.ts";
import { FINDS, readFinds } from "./finds.ts";
import { targetNamed } from "./targets/all.ts";
/** Sound files, however odd: the others are refused. */
const TAKEN = new Set([
    "decode-turned-avif.gz",
    "decode-two-exif-blocks.gz",
    "inspect-avif-of-sizes.gz",
    "inspect-png-of-empty-chunks.gz",
    "inspect-webp-of-empty-chunks.gz",
]);
const finds = readFinds(FINDS);
test("there are finds of the targets that had some", () => {
    const targets = new Set(finds.map(({ target }) => target));
    expect(targets).toEqual(new Set(["body", "decode", "events", "form", "inspect", "mask", "weights"]));
});
test.each(finds)("$file", async ({ target, file, bytes }) => {
    const aim = targetNamed(target);
    if (aim === undefined)
        throw new Error(`no target is called ${target}`);
    const { answer, crash } = await runCase(aim, bytes);
    expect(crash).toBeNull();
    expect(answer).toBe(TAKEN.has(file) ? "accepted" : "refused");
});
