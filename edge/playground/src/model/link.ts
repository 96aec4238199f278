import { SUBJECTS, type Subject, type Wanted } from "./attributes.ts";
import { MASK_DEFAULTS, MASK_RANGE, type MaskSettings } from "./mask.ts";
import { PLAN, type Plan } from "./schedule-choice.ts";
import type { State } from "./state.ts";

/** What a link carries: edits have no seed, so that the same photo and this make the same picture. */
export interface Shared {
  readonly wanted: Wanted;
  readonly plan: Plan;
  readonly mask: MaskSettings;
  readonly example: string | null;
}

const ATTRIBUTES_READ = 8;

/** The part of a URL after `#`; it stays in the browser. */
export function hashOf({ wanted, plan, mask, example }: Shared): string {
  const fields = new URLSearchParams();
  if (example !== null) fields.set("photo", example);
  fields.set("of", wanted.subject);
  for (const attribute of wanted.attributes) fields.append("add", attribute);
  fields.set("preset", plan.preset);
  if (plan.structuring !== null) fields.set("T", String(plan.structuring));
  if (mask.grow !== MASK_DEFAULTS.grow) fields.set("grow", String(mask.grow));
  if (mask.feather !== MASK_DEFAULTS.feather) fields.set("feather", String(mask.feather));
  return fields.toString();
}

/** Reads a link; what is missing or out of range is as if it were not there. */
export function readHash(hash: string): Shared {
  const fields = new URLSearchParams(hash.replace(/^#/, ""));
  const number = (name: string, max: number) => {
    const text = fields.get(name) ?? "";
    const value = Number(text);
    return text !== "" && value >= 0 && value <= max ? value : null;
  };
  const subject = SUBJECTS.find((known): known is Subject => known === fields.get("of")) ?? "person";
  const structuring = number("T", 9);
  const example = fields.get("photo");
  return {
    wanted: {
      subject,
      attributes: fields.getAll("add").map(clean).filter(Boolean).slice(0, ATTRIBUTES_READ),
    },
    plan: {
      preset: fields.get("preset") ?? PLAN.preset,
      structuring: structuring === null ? null : Math.round(structuring),
    },
    mask: {
      grow: number("grow", MASK_RANGE.grow.max) ?? MASK_DEFAULTS.grow,
      feather: number("feather", MASK_RANGE.feather.max) ?? MASK_DEFAULTS.feather,
    },
    example: example !== null && /^portrait-\d\d$/.test(example) ? example : null,
  };
}

const clean = (text: string) => text.trim().slice(0, 500);

/** What a link of this page carries and what it does not, for people. */
export function linkHolds({ photo, strokes }: Pick<State, "photo" | "strokes">): string {
  const ours = photo?.example != null;
  const stays = [...(ours ? [] : ["your photo"]), ...(strokes.length > 0 ? ["what you painted"] : [])];
  const holds = `It holds ${ours ? "the example, " : ""}the words, the quality and the sliders`;
  return stays.length === 0
    ? `${holds}.`
    : `${holds}; ${stays.join(" and ")} stay${stays.length === 1 ? "s" : ""} here.`;
}
