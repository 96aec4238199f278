import { fromModel, toModel, wholeOf } from "../../src/image/crop.ts";
import { decodePhoto } from "../../src/image/decode.ts";
import type { Model } from "../../src/model/model.ts";
import { preservedLabels } from "./attributes.ts";
import {
  type AskedEdit,
  type CasePictures,
  drawCase,
  type EditCase,
  type NamedCase,
  type TruePictures,
} from "./cases.ts";
import type { EditedPictures, Editor } from "./editor.ts";
import { askedScore, type Judge } from "./judge.ts";
import { dice, differingOutside, intersectionOverUnion } from "./metrics.ts";
import type { PerceptualMetric } from "./perceptual/metric.ts";
import { type Judgeable, judgePicture, type Question, type Verdict } from "./verdict.ts";

/** What one edit came to, beside doing nothing, the autoencoder alone and the true counterfactual. */
export interface Judged {
  readonly attribute: string;
  readonly prompt: string;
  /** The editor's mask against the true region: soft Dice, and IoU at one half; NaN if it has none. */
  readonly mask_dice: number;
  readonly mask_iou: number;
  /** Pixels of the user's picture that differ from the photo where the editor's mask is 0; NaN without a mask. */
  readonly pasted_differing: number;
  /** The editor's own picture, before anything is pasted back. */
  readonly edited: Verdict;
  /** What the user gets: pasted into the photo. */
  readonly delivered: Verdict;
  /** The source as it is. */
  readonly do_nothing: Verdict;
  /** The source through the model's autoencoder. */
  readonly autoencoder_only: Verdict;
  /** The true counterfactual: what the classifier itself misses. */
  readonly truth: Verdict;
}

/** A drawn case with what is the same for every editor. */
export interface OpenCase {
  readonly edit: AskedEdit & NamedCase;
  readonly drawn: CasePictures;
  readonly reconstructed: Uint8Array;
  /** Judges an editor's pictures. */
  judge(edited: EditedPictures): Promise<Judged>;
}

/** A case before anybody judged it. */
export interface UnjudgedCase {
  readonly edit: AskedEdit & NamedCase;
  readonly drawn: CasePictures;
  readonly question: Question;
  readonly reconstructed: Uint8Array;
  /** What is delivered is compared with these, where it is finer than what the model makes. */
  readonly fine?: TruePictures;
}

/** Who judges: the classifier, and networks that the user supplied. */
export interface Judges {
  readonly judge: Judge;
  readonly metrics?: PerceptualMetric;
}

/**
 * Draws a case and judges what no editor changes.
 * @param given pictures in place of the drawn ones, for another truth or region than the attribute's own
 */
export async function openCase(
  model: Model,
  judges: Judges,
  edit: EditCase,
  given?: CasePictures,
): Promise<OpenCase> {
  const drawn = given ?? (await drawCase(edit, model.manifest.resolution));
  return judged(judges, {
    edit,
    drawn,
    question: {
      asked: askedScore(edit.attribute, edit.after),
      preserved: preservedLabels(edit.before, edit.after),
    },
    reconstructed: await throughAutoencoder(model, drawn.file),
  });
}

/** Judges of a case what no editor changes. */
export async function judged(
  { judge, metrics }: Judges,
  { edit, drawn, question, reconstructed, fine }: UnjudgedCase,
): Promise<OpenCase> {
  const { source, truth, region } = drawn;
  const judging = { judge, metrics, edit, question, seen: await judge.see(source) };
  const verdict = (given: Judgeable) => judgePicture(judging, drawn, given);
  const finest = fine ?? drawn;
  const finely = (given: Judgeable) => judgePicture(judging, finest, given);
  const same = {
    do_nothing: await finely({ picture: finest.source, shown: source }),
    autoencoder_only: await verdict({ picture: reconstructed }),
    truth: await finely({ picture: finest.truth, shown: truth }),
  };
  return {
    edit,
    drawn,
    reconstructed,
    async judge({ picture, mask, pasted = picture, fine: delivered, differing }) {
      return {
        attribute: edit.attribute,
        prompt: edit.targetPrompt,
        mask_dice: mask ? dice(mask, region) / 255 : Number.NaN,
        mask_iou: mask ? intersectionOverUnion(mask, region) : Number.NaN,
        pasted_differing: differing ?? (mask ? differingOutside(pasted, source, mask) : Number.NaN),
        edited: await verdict({ picture, mask }),
        delivered: await (fine && delivered
          ? finely({ ...delivered, shown: pasted })
          : verdict({ picture: pasted, mask })),
        ...same,
      };
    },
  };
}

/** A drawn portrait through encoder and decoder: `resolution²·3` bytes, RGB. */
export async function throughAutoencoder(model: Model, file: Uint8Array): Promise<Uint8Array> {
  const photo = await decodePhoto(file);
  const { resolution } = model.manifest;
  const image = await toModel(photo, wholeOf(photo), { height: resolution, width: resolution });
  return fromModel(await model.decode(await model.encode(image)));
}

/** Every editor on every case, a case at a time. `each` gets each result. */
export async function judgeAll(
  model: Model,
  judges: Judges,
  cases: readonly EditCase[],
  editors: readonly Editor[],
  each: (opened: OpenCase, editor: Editor, edited: EditedPictures, judged: Judged) => void,
): Promise<Map<string, Judged[]>> {
  return answerAll(cases, (edit) => openCase(model, judges, edit), editors, each);
}

/** The same of any cases that can be opened. */
export async function answerAll<Edit>(
  cases: readonly Edit[],
  open: (edit: Edit) => Promise<OpenCase>,
  editors: readonly Editor[],
  each: (opened: OpenCase, editor: Editor, edited: EditedPictures, judged: Judged) => void,
): Promise<Map<string, Judged[]>> {
  const found = new Map<string, Judged[]>(editors.map(({ name }) => [name, []]));
  for (const edit of cases) {
    const opened = await open(edit);
    for (const editor of editors) {
      const edited = await editor.edit(opened.edit, opened.drawn);
      const judged = await opened.judge(edited);
      found.get(editor.name)?.push(judged);
      each(opened, editor, edited, judged);
    }
  }
  return found;
}
