import { InputError } from "../errors.ts";
import { decodePhoto, inspectImage } from "../image/decode.ts";
import type { PictureFile } from "../region/request.ts";
import { SOURCE_TYPE } from "./content-credentials.ts";
import { type Credentials, readCredentials } from "./read-credentials.ts";
import { detect } from "./watermark/detect.ts";
import { readPayload } from "./watermark/mark.ts";
import { patternsOf } from "./watermark/pattern.ts";

/** What a picture's credentials and its mark say; `watermark` is null if there is no secret to search with. */
export interface Verdict {
  readonly credentials: Credentials | null;
  readonly watermark: {
    readonly found: boolean;
    readonly score: number;
    readonly false_rate: number;
    readonly extent: "whole" | "cropped" | null;
    readonly version: number | null;
    readonly tag: number | null;
  } | null;
}

export interface Trust {
  /** The deployment's WATERMARK_SECRET. */
  readonly secret?: string;
  /** PEM certificates of authorities to trust. */
  readonly anchors?: string;
}

/** @throws InputError if the picture cannot be read, NativePartError */
export async function verifyPicture({ bytes }: PictureFile, { secret, anchors }: Trust): Promise<Verdict> {
  const { format } = await inspectImage(bytes);
  const credentials = await readCredentials(
    bytes,
    `image/${format === "heif" ? "avif" : format}`,
    anchors,
  ).catch((cause: unknown) => {
    if (!(cause instanceof Error) || cause.name === "NativePartError") throw cause;
    throw new InputError("image_undecodable", `its content credentials are damaged: ${cause.message}`, {
      cause,
    });
  });
  if (secret === undefined) return { credentials, watermark: null };
  const { found, score, falseRate, payload, extent } = await detect(
    await decodePhoto(bytes),
    patternsOf(secret),
  );
  const said = found ? { extent, ...readPayload(payload) } : { extent: null, version: null, tag: null };
  return { credentials, watermark: { found, score, false_rate: falseRate, ...said } };
}

const STATES: Readonly<Record<Credentials["state"], string>> = {
  trusted: "signed by someone you trust, and unchanged since",
  valid: "unchanged since they were signed; who signed is on no list of yours",
  invalid: "broken: the file was changed after it was signed, or they are not its own",
};

/** A verdict in words, one line each. */
export function wordsOf({ credentials, watermark }: Verdict): string[] {
  return [...wordsOfCredentials(credentials), wordsOfWatermark(watermark)];
}

function wordsOfCredentials(credentials: Credentials | null): string[] {
  if (credentials === null) return ["content credentials: none"];
  const { state, generator, signer, actions, madeFrom, faults } = credentials;
  const names = actions.map(({ action, sourceType }) =>
    sourceType === SOURCE_TYPE ? `${action} (a part was made by a trained model)` : action,
  );
  return [
    `content credentials: ${STATES[state]}`,
    `  made by ${generator ?? "an unnamed program"}, signed by ${signer.name ?? "?"} (${signer.issuer ?? "?"})`,
    `  actions: ${names.join(", ") || "none"}`,
    ...madeFrom.map((id) => `  made from ${id}`),
    ...(state === "invalid" ? [`  wrong: ${faults.join(", ")}`] : []),
  ];
}

function wordsOfWatermark(watermark: Verdict["watermark"]): string {
  if (watermark === null) return "watermark: not looked for, no WATERMARK_SECRET is known";
  const { found, score, false_rate: rate, extent, version, tag } = watermark;
  if (!found) return `watermark: not found (score ${score.toFixed(1)})`;
  const odds = `score ${score.toFixed(1)}, by chance at most ${rate.toExponential(0)}`;
  return `watermark: found in the ${extent} picture, version ${version}, tag ${tag} (${odds})`;
}
