import fc from "fast-check";
import { nested, promptLike } from "./json.ts";
/** Fields of a request for an edit: sound values, those just beyond a limit, and any others. */
export const editFields = {
    image: fc.constantFrom("img_01hxq7zm4w9v8k2c5t3r6n0pbd", "img_x", "data:image/png;base64,AAAA", `data:image/png;base64,${"A".repeat(10000)}`, 1),
    prompt: fc.oneof({ arbitrary: promptLike, weight: 8 }, { arbitrary: nested, weight: 1 }),
    edits: fc.option(fc.oneof(fc.array(fc.record({ prompt: promptLike }), { maxLength: 10 }), nested), {
        nil: undefined,
        freq: 2,
    }),
    source_prompt: promptLike,
    mask: fc.constantFrom("auto", "img_01hxq7zm4w9v8k2c5t3r6n0pbd", "", null),
    mask_options: fc.oneof(fc.record({ grow: fc.double(), feather: fc.double({ min: 0, max: 0.3 }) }, { requiredKeys: [] }), nested),
    schedule: fc.oneof(fc.constantFrom("paper", "fast", "none"), fc.record({ steps: fc.integer({ min: 0, max: 62 }), structuring_steps: fc.nat(62) }, { requiredKeys: [] }), nested),
    output: fc.oneof(fc.record({ format: fc.constantFrom("png", "gif"), quality: fc.nat(101) }, { requiredKeys: [] }), nested),
    webhook_url: fc.oneof(fc.webUrl(), fc.constantFrom("javascript:1", "http://[::1]", "https://a:b@c", "http://%")),
    deadline_ms: fc.constantFrom(1000, 999, 900000, 900001, 1e21, "1000"),
    metadata: fc.oneof(fc.dictionary(fc.string({ maxLength: 45 }), fc.string({ maxLength: 510 }), { maxKeys: 18 }), nested),
};
const SOUND = { image: "img_01hxq7zm4w9v8k2c5t3r6n0pbd", prompt: "a woman wearing glasses" };
/** A sound request in which at most three fields are others: most get past the first checks. */
export const almostSound = fc
    .tuple(fc.record(editFields), fc.subarray(Object.keys(editFields), { maxLength: 3 }))
    .map(([values, chosen]) => {
    const others = Object.entries(values).filter(([name]) => chosen.includes(name));
    return { ...SOUND, ...Object.fromEntries(others) };
});
