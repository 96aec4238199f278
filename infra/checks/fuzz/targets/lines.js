import fc from "fast-check";
import { LineTooLongError, splitLines } from "../../../../edge/src/gpu/ndjson.ts";
import { changes } from "../bytes.ts";
import { sample } from "../sample.ts";
import { inPieces, pieceSizes } from "../streams.ts";
import { must } from "../target.ts";
const LINE_MAX = 64 * 1024;
const line = fc.oneof({ arbitrary: fc.json({ maxDepth: 2 }), weight: 6 }, { arbitrary: fc.string({ unit: "grapheme", maxLength: 200 }), weight: 3 }, { arbitrary: fc.constantFrom("", "\r", " ", "\ufeff", "é".repeat(3000)), weight: 3 }, { arbitrary: fc.constantFrom(LINE_MAX - 1, LINE_MAX, LINE_MAX + 1).map((n) => "x".repeat(n)), weight: 1 });
const streams = fc
    .tuple(fc.array(line, { maxLength: 8 }), fc.constantFrom("\n", "\r\n", "\n\n"), changes, fc.nat(2))
    .map(([lines, end, change, which]) => {
    const bytes = new TextEncoder().encode(lines.join(end));
    return which === 0 ? change(bytes) : bytes;
});
/** Lines that come of a stream, and how it ended. */
async function read(stream) {
    const lines = [];
    const reader = stream.pipeThrough(splitLines()).getReader();
    try {
        for (;;) {
            const { done, value } = await reader.read();
            if (done)
                return { lines, end: "done" };
            lines.push(value);
        }
    }
    catch (error) {
        if (error instanceof LineTooLongError || error instanceof TypeError)
            return { lines, end: error.name };
        throw error;
    }
}
/** Lines of events from the GPU function: wherever the bytes are cut, the same lines or the same error. */
export const linesTarget = {
    name: "lines",
    limitMs: 500,
    make: async (seed) => sample(streams, seed),
    feed: async (bytes) => {
        const [whole, ...cut] = await Promise.all(pieceSizes(bytes).map((size) => read(inPieces(bytes, size))));
        if (whole === undefined)
            return "refused";
        must(whole.lines.every((text) => text.length <= LINE_MAX && !text.includes("\n") && text.trim() !== ""), "a line is one line, and not too long");
        for (const { lines, end } of cut) {
            must((end === "done") === (whole.end === "done"), `an end is an end wherever the bytes are cut: ${end}, ${whole.end}`);
            if (end === "done")
                must(lines.join("\n") === whole.lines.join("\n"), "the same lines wherever the bytes are cut");
        }
        return whole.end === "done" ? "accepted" : "refused";
    },
};
