import { createRequire } from "node:module";
import { type Nlp, takeRecogniser } from "../../../shared/moderation/names.ts";
import {
  type Policy,
  PROMPT_POLICIES,
  type Verdict,
  verdictOf,
} from "../../../shared/moderation/policies.ts";
import { judgeWords } from "../../../shared/moderation/prompt.ts";
import type { Moderation } from "../../../shared/moderation/settings.ts";
import { type AgeEstimator, openAgeEstimator } from "./age.ts";
import { type Closeness, openCloseness } from "./closeness.ts";
import { openEncoder } from "./encoder.ts";
import { type FaceDetector, openFaceDetector } from "./faces.ts";
import { type Picture, smallPhoto, smallPicture } from "./picture.ts";
import { comparedOf, openPortraitWords, type Plain } from "./portrait-words.ts";
import { openSexualClassifier, type SexualClassifier } from "./sexual.ts";

/** A face is judged if its height is at least this fraction of the tallest face's. */
const NEAR = 0.25;

/** A picture as a file, or decoded. */
export type JudgedPicture = Uint8Array | Picture;

/** The loaded policies, which judge every run. Each method returns the verdict that refuses, or null. */
export interface Judge {
  /** Judges the words first, as the edge does, then the meaning of each prompt. */
  prompts(prompts: readonly string[]): Promise<Verdict | null>;
  /** Judges a photo before its edit: what it shows, and the age of its faces. */
  photo(photo: JudgedPicture): Promise<Verdict | null>;
  /** Judges a result, or a preview of one, before it is stored. */
  result(result: JudgedPicture): Promise<Verdict | null>;
}

interface Networks {
  readonly plain: Plain;
  readonly closeness: Closeness | null;
  readonly sexual: SexualClassifier | null;
  readonly faces: FaceDetector | null;
  readonly age: AgeEstimator | null;
}

/** Opens what the enabled policies need. @throws WeightsError */
export async function openJudge(moderation: Moderation, folder: string): Promise<Judge> {
  const on = (policy: Policy) => !moderation.off.has(policy);
  const [plain, closeness, sexual, faces, age] = await Promise.all([
    openPortraitWords(),
    PROMPT_POLICIES.some(on) ? openEncoder(folder).then((embed) => openCloseness(embed, folder)) : null,
    on("image.sexual") ? openSexualClassifier(folder) : null,
    on("image.age") ? openFaceDetector(folder) : null,
    on("image.age") ? openAgeEstimator(folder) : null,
  ]);
  takeRecogniser(createRequire(import.meta.url)("compromise/two") as Nlp);
  // compiles the lists now, so that the first prompt does not wait for it
  await judgeWords(["a person."], moderation);
  return judgeOf(moderation, { plain, closeness, sexual, faces, age });
}

function judgeOf(moderation: Moderation, { plain, closeness, sexual, faces, age }: Networks): Judge {
  const { off, thresholds, noFace } = moderation;

  function senseOf(prompts: readonly string[]): Verdict | null {
    if (closeness === null) return null;
    const measured = [...new Set(prompts.flatMap((prompt) => comparedOf(prompt, plain) ?? []))].map(
      closeness,
    );
    const policy = PROMPT_POLICIES.filter((name) => !off.has(name)).find((name) =>
      measured.some((near) => near[name] > thresholds[name]),
    );
    return policy === undefined ? null : verdictOf(policy, "the prompt");
  }

  async function sexualIn(picture: Picture, what: string): Promise<Verdict | null> {
    if (sexual === null || (await sexual(picture)) < thresholds["image.sexual"]) return null;
    return verdictOf("image.sexual", what);
  }

  async function ageIn(picture: Picture): Promise<Verdict | null> {
    if (faces === null || age === null) return null;
    const found = await faces(picture);
    const highest = Math.max(...found.map(({ height }) => height));
    for (const face of found.filter(({ height }) => height >= NEAR * highest))
      if ((await age(picture, face)) < thresholds["image.age"]) return verdictOf("image.age", "the photo");
    if (found.length > 0 || noFace === "allow") return null;
    return {
      policy: "image.age",
      detail: "the photo is refused by the policy image.age: no face is found in it",
    };
  }

  return {
    prompts: async (prompts) => (await judgeWords(prompts, moderation)) ?? senseOf(prompts),
    async photo(photo) {
      if (off.has("image.sexual") && off.has("image.age")) return null;
      const picture = await small(photo);
      return (await sexualIn(picture, "the photo")) ?? (await ageIn(picture));
    },
    result: async (result) => (off.has("image.sexual") ? null : sexualIn(await small(result), "the result")),
  };
}

const small = (picture: JudgedPicture) =>
  picture instanceof Uint8Array ? smallPicture(picture) : smallPhoto(picture);
