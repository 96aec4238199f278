/** Photos with drawn counterfactuals as the subjects of edits: whole photos go in, as a user sends them. */
import { readFile } from "node:fs/promises";
import { parse } from "node:path";
import { InputError } from "../../../src/errors.ts";
import { fromModel } from "../../../src/image/crop.ts";
import { encodePhoto } from "../../../src/image/encode.ts";
import type { Part, Photo } from "../../../src/image/picture.ts";
import type { Model } from "../../../src/model/model.ts";
import { seePhoto } from "../../../src/region/seen-photo.ts";
import type { Taught } from "../../../src/words/reader.ts";
import type { CasePictures } from "../cases.ts";
import { type Judges, judged, type OpenCase } from "../judge-edits.ts";
import { FINE } from "../result-pictures.ts";
import type { Asked, SeveralSubject, Subject, Subjects } from "../subjects.ts";
import { drawnPhoto, picturesOver } from "./pictures.ts";
import { questionOf } from "./questions.ts";
import { asRead, joined, requestOf } from "./requests.ts";
import { FILTERS_VERSION, type TrueEdit, type TruePhoto } from "./truths.ts";

export interface Album extends Subjects {
  /** All attributes that some photo may get, in the catalogue's order. */
  readonly attributes: readonly string[];
  /** Those that can be taken away again: the photo with one is sent, the photo is the truth. */
  readonly removable: readonly string[];
  removals(attribute: string, count: number): readonly Subject[];
}

/** How an attribute that is to be gone is called. */
export const goneName = (attribute: string) => `no ${attribute}`;

/** A photo and the edit of it: forth, or back. */
interface Chosen {
  readonly photo: TruePhoto;
  readonly number: number;
  readonly gone: boolean;
}

/** @param taught what the model was taught: requests are read as the product reads them */
export async function openAlbum(
  photos: readonly TruePhoto[],
  model: Model,
  judges: Judges,
  taught: Taught | null,
): Promise<Album> {
  const singles = photos.filter(({ edits }) => edits.length === 1);
  const first = ({ edits }: TruePhoto) => edits[0] as TrueEdit;
  const attributes = [...new Set(singles.map((photo) => first(photo).name))];
  const opening = openerOf(model, judges);
  const asked = new Map<TruePhoto, { readonly forth: Asked; readonly back: Asked | null }>();
  for (const [number, photo] of photos.entries()) {
    const { name: attribute, region, words, without } = first(photo);
    const facts = { attribute, region, photo: parse(photo.path).name };
    const request =
      photo.edits.length === 1
        ? requestOf(words, number)
        : joined(photo.edits.map((e) => e.words[0] as string));
    const back = without.length === 0 ? null : { ...facts, attribute: goneName(attribute) };
    asked.set(photo, {
      forth: { ...facts, ...(await asRead(request, taught)) },
      back: back && { ...back, ...(await asRead(requestOf(without, number), taught)) },
    });
  }
  const named = (attribute: string) => singles.filter((photo) => first(photo).name === attribute);
  const subject = (chosen: Chosen): Subject => {
    const both = asked.get(chosen.photo);
    const edit = (chosen.gone ? both?.back : both?.forth) as Asked;
    return {
      edit,
      seed: chosen.number,
      open: (given) => opening(edit, first(chosen.photo).name, chosen, given),
    };
  };
  const chosen = (attribute: string, count: number, gone: boolean) =>
    some(named(attribute), attributes.indexOf(attribute), count, attribute).map((photo) =>
      subject({ photo, number: photos.indexOf(photo), gone }),
    );
  return {
    kind: "photos",
    renderer: FILTERS_VERSION,
    attributes,
    removable: attributes.filter((name) => named(name).some((photo) => first(photo).without.length > 0)),
    cases: (attribute, count) => chosen(attribute, count, false),
    removals: (attribute, count) => chosen(attribute, count, true),
    several(names, count) {
      const fit = photos.filter(({ edits }) => edits.map(({ name }) => name).join() === names.join());
      return some(fit, 0, count, names.join(" and ")).flatMap((photo): SeveralSubject[] => {
        const steps = names.map((name) => named(name).find(({ path }) => path === photo.path));
        if (steps.includes(undefined)) return [];
        const number = photos.indexOf(photo);
        return [
          {
            steps: steps.map((step) => asked.get(step as TruePhoto)?.forth as Asked),
            together: asked.get(photo)?.forth as Asked,
            open: (step) =>
              opening({ ...step, ...prompts(asked.get(photo)?.forth as Asked) }, step.attribute, {
                photo,
                number,
                gone: false,
              }),
          },
        ];
      });
    },
  };
}

const prompts = ({ targetPrompt, locate = [targetPrompt] }: Asked) => ({ targetPrompt, locate });

/** The first `count`, each attribute beginning elsewhere, so that no photo stands for all. */
function some(photos: readonly TruePhoto[], from: number, count: number, attribute: string): TruePhoto[] {
  if (photos.length === 0) throw new InputError("option_invalid", `no photo can take ${attribute}`);
  const start = (from * count) % photos.length;
  return [...photos.slice(start), ...photos.slice(0, start)].slice(0, count);
}

/** A file, what it shows, where the model sees the face, and what the autoencoder makes of that. */
interface View {
  readonly file: Uint8Array;
  readonly photo: Photo;
  readonly part: Part;
  readonly reconstructed: Uint8Array;
}

async function viewOf(model: Model, file: Uint8Array): Promise<View> {
  const { photo, square: part, image } = await seePhoto(model, { photo: { bytes: file } });
  return { file, photo, part, reconstructed: fromModel(await model.decode(await model.encode(image))) };
}

/** Opens edits; the view of a photo is kept until another one comes. */
function openerOf(model: Model, judges: Judges) {
  const { resolution } = model.manifest;
  const { judge } = judges;
  let last: { readonly path: string; readonly view: Promise<View> } | undefined;
  return async (
    edit: Asked,
    attribute: string,
    { photo: truth, gone }: Chosen,
    given?: (drawn: CasePictures) => CasePictures,
  ): Promise<OpenCase> => {
    if (last?.path !== truth.path)
      last = {
        path: truth.path,
        view: readFile(truth.path).then((bytes) => viewOf(model, new Uint8Array(bytes))),
      };
    const plain = await last.view;
    const { photo } = plain;
    const sent = gone ? await viewOf(model, await encodePhoto(drawnPhoto(photo, truth), "png")) : plain;
    const over = async (side: number) => {
      const pictures = await picturesOver(photo, truth, sent.part, side);
      return gone ? { ...pictures, source: pictures.truth, truth: pictures.source } : pictures;
    };
    const whole: CasePictures = { ...(await over(resolution)), file: sent.file, part: sent.part };
    const drawn = given ? given(whole) : whole;
    const sights = { source: await judge.see(drawn.source), truth: await judge.see(drawn.truth) };
    return judged(judges, {
      edit,
      drawn,
      question: questionOf(attribute, gone, judge, sights),
      reconstructed: sent.reconstructed,
      ...(given ? {} : { fine: await over(FINE) }),
    });
  };
}
