import fc from "fast-check";
import { ZodError } from "zod";
import { readEditRequest } from "../../../../edge/src/edits/request.ts";
import { invalidRequest } from "../../../../edge/src/middleware/on-error.ts";
import { Refusal } from "../../../../edge/src/problem.ts";
import { ALTERNATIVES_MAX, alternativesRequestSchema } from "../../../../shared/alternatives.ts";
import { DEADLINE_MS, editRequestSchema } from "../../../../shared/edit.ts";
import { PROMPT_MAX } from "../../../../shared/prompt.ts";
import { STEPS_MAX } from "../../../../shared/schedule.ts";
import { signRequestSchema, TOKEN_LIFE_S } from "../../../../shared/sign.ts";
import { changes } from "../bytes.ts";
import { almostSound, editFields } from "../edit-fields.ts";
import { nested, promptLike, strangeName } from "../json.ts";
import { sample } from "../sample.ts";
import { answerOf, must, type Target } from "../target.ts";

const alternatives = fc
  .tuple(
    almostSound,
    fc.oneof(
      fc.array(fc.record({ prompt: promptLike }), { maxLength: 10 }),
      fc.constantFrom<unknown>(
        [{ prompt: "a woman with bangs" }, { prompt: "a beard" }],
        new Array(5_000).fill({}),
      ),
      nested,
    ),
  )
  .map(([{ prompt: _, edits: __, ...together }, list]) => ({ ...together, alternatives: list }));

const sign = fc.record(
  {
    action: fc.constantFrom("edit", "upload", "render", "put"),
    expires_in: fc.constantFrom<unknown>(60, 604_800, 604_801, 2_592_000, 0, -1, 1.5, "60"),
    max_uses: fc.constantFrom<unknown>(1, 0, 1e6, 1e7),
    constraints: fc.oneof(
      fc.constant<unknown>({ image: "img_01hxq7zm4w9v8k2c5t3r6n0pbd", prompts: ["a woman wearing glasses"] }),
      fc.record({ prompts: fc.array(promptLike, { maxLength: 25 }), presets: nested }, { requiredKeys: [] }),
      nested,
    ),
  },
  { requiredKeys: ["action", "expires_in"] },
);

const values = fc.oneof(
  { arbitrary: almostSound, weight: 4 },
  { arbitrary: fc.record(editFields, { requiredKeys: ["image"] }), weight: 1 },
  {
    arbitrary: fc
      .tuple(almostSound, strangeName, nested)
      .map(([body, name, value]) => Object.defineProperty(body, name, { value, enumerable: true })),
    weight: 2,
  },
  { arbitrary: alternatives, weight: 2 },
  { arbitrary: sign, weight: 2 },
  { arbitrary: nested, weight: 1 },
);

const manyKeys = fc
  .integer({ min: 1, max: 20_000 })
  .map((count) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}`, i])));

const texts = fc.oneof(
  { arbitrary: values.map((value) => JSON.stringify(value) ?? ""), weight: 40 },
  {
    arbitrary: fc.constantFrom("[", '{"metadata":', '{"schedule":').map((open) => open.repeat(20_000)),
    weight: 1,
  },
  { arbitrary: manyKeys.map((keys) => JSON.stringify(keys)), weight: 1 },
  {
    arbitrary: manyKeys.map((metadata) => JSON.stringify({ image: "img_", prompt: "hair", metadata })),
    weight: 1,
  },
);

const bodies = fc
  .tuple(
    texts.map((text) => new TextEncoder().encode(text)),
    changes,
    fc.nat(3),
  )
  .map(([bytes, change, which]) => (which === 0 ? change(bytes) : bytes));

/** Most that a refusal may say: a client must not make the server talk. */
const ANSWER_MAX = 32_000;

export function mustBeShort(refusal: Refusal): void {
  const { length } = JSON.stringify([refusal.message, refusal.options.errors ?? []]);
  must(length <= ANSWER_MAX, `a refusal is short, not of ${length} characters`);
}

function refused(error: unknown): boolean {
  if (error instanceof ZodError) mustBeShort(invalidRequest(error));
  if (error instanceof Refusal) mustBeShort(error);
  return error instanceof ZodError || (error instanceof Refusal && error.code === "invalid_request");
}

type Edit = Awaited<ReturnType<typeof readEditRequest>>;

export function mustBeWithinLimits({
  prompt,
  locate,
  schedule,
  metadata,
  deadline_ms,
  source_prompt,
}: Edit): void {
  must(prompt.length >= 1 && prompt.length <= PROMPT_MAX, "a prompt has 1 to 500 characters");
  must(source_prompt.length <= PROMPT_MAX, "a source prompt has at most 500 characters");
  must(!/[\p{C}]/u.test(prompt.replaceAll(/\p{Cn}/gu, "")), "a prompt has no control characters");
  must(locate.length >= 1 && locate.length <= 8, "one to eight attributes");
  must(Object.keys(metadata).length <= 16, "at most sixteen pairs");
  must(deadline_ms >= 1_000 && deadline_ms <= DEADLINE_MS.max, "a deadline is within its limits");
  if (typeof schedule !== "string")
    must(
      schedule.structuring_steps <= schedule.steps && schedule.steps <= STEPS_MAX,
      "steps are within limits",
    );
}

/** JSON bodies: an edit's as its route reads it, those of alternatives and of tokens by their schemas. */
export const bodyTarget: Target = {
  name: "body",
  limitMs: 500,
  make: async (seed) => sample(bodies, seed),
  feed: async (bytes) => {
    const request = new Request("https://a.test", { method: "POST", body: bytes as Uint8Array<ArrayBuffer> });
    const asEdit = await answerOf(
      async () => mustBeWithinLimits(await readEditRequest(request, "json")),
      refused,
    );
    const json = parsed(bytes);
    if (json === undefined) return asEdit;
    const others = [
      await answerOf(() => editRequestSchema.parse(json), refused),
      await answerOf(() => {
        const { alternatives } = alternativesRequestSchema.parse(json);
        must(
          alternatives.length >= 2 && alternatives.length <= ALTERNATIVES_MAX,
          "two to eight alternatives",
        );
      }, refused),
      await answerOf(() => {
        const { action, expires_in } = signRequestSchema.parse(json);
        must(expires_in >= 1 && expires_in <= TOKEN_LIFE_S[action], "a token's life is within its limits");
      }, refused),
    ];
    return [asEdit, ...others].includes("accepted") ? "accepted" : "refused";
  },
};

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
