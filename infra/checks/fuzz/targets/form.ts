import fc from "fast-check";
import { readEditRequest } from "../../../../edge/src/edits/request.ts";
import { Refusal } from "../../../../edge/src/problem.ts";
import { changes } from "../bytes.ts";
import { almostSound, editFields } from "../edit-fields.ts";
import { strangeName } from "../json.ts";
import { sample } from "../sample.ts";
import { answerOf, must, type Target } from "../target.ts";
import { mustBeShort, mustBeWithinLimits } from "./body.ts";

const KNOWN = Object.keys(editFields);
const BOUNDARY = "----edit-form";

const asText = (value: unknown) => (typeof value === "string" ? value : (JSON.stringify(value) ?? ""));

const sound = almostSound.map((values) =>
  Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ({ name, value: asText(value), file: false })),
);
const strange = fc.record({
  name: fc.oneof(strangeName, fc.constantFrom(...KNOWN), fc.string({ maxLength: 10 })),
  value: fc.oneof(fc.json(), fc.string({ unit: "binary", maxLength: 50 })),
  file: fc.boolean(),
});
const fields = fc
  .tuple(sound, fc.array(strange, { maxLength: 2 }))
  .map(([some, others]) => [...some, ...others]);

/** The body as a client writes it (RFC 7578), the name without escapes: what it holds is part of the attack. */
const form = fields.map((list) => {
  const parts = list.map(({ name, value, file }) =>
    [
      `--${BOUNDARY}`,
      `Content-Disposition: form-data; name="${name}"${file ? '; filename="a.png"\r\nContent-Type: image/png' : ""}`,
      "",
      value,
      "",
    ].join("\r\n"),
  );
  return new TextEncoder().encode(`${parts.join("")}--${BOUNDARY}--\r\n`);
});

const forms = fc
  .tuple(form, changes, fc.nat(1))
  .map(([bytes, change, which]) => (which === 0 ? change(bytes) : bytes));

/** Names of the fields that are not empty, as the runtime itself reads them; null if it reads no form. */
async function namesIn(bytes: Uint8Array): Promise<string[] | null> {
  try {
    const fields = [...(await request(bytes).formData())];
    return fields.flatMap(([name, value]) =>
      (typeof value === "string" ? value.length : value.size) > 0 ? [name] : [],
    );
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}

const request = (bytes: Uint8Array) =>
  new Request("https://a.test", {
    method: "POST",
    headers: { "Content-Type": `multipart/form-data; boundary=${BOUNDARY}` },
    body: bytes as Uint8Array<ArrayBuffer>,
  });

/** Forms of an edit, beside what the runtime's own parser of multipart makes of them. */
export const formTarget: Target = {
  name: "form",
  limitMs: 500,
  make: async (seed) => sample(forms, seed),
  feed: (bytes) =>
    answerOf(
      async () => {
        const edit = await readEditRequest(request(bytes), "form");
        const names = (await namesIn(bytes)) ?? [];
        must(
          names.every((name) => KNOWN.includes(name)),
          "a form with a field of no name of ours is refused",
        );
        const single = names.filter((name) => name !== "edits");
        must(new Set(single).size === single.length, "a field given twice is refused");
        must(Object.getPrototypeOf(edit) === Object.prototype, "a field is never an object's prototype");
        mustBeWithinLimits(edit);
      },
      (error) => {
        if (error instanceof Refusal) mustBeShort(error);
        return error instanceof Refusal && error.code === "invalid_request";
      },
    ),
};
