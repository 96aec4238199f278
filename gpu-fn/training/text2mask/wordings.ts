/**
 * Texts for PASL (§3.2 of the paper): each region with the wordings it is trained on and the ones held out.
 * `node gpu-fn/training/text2mask/wordings.ts --json > wordings.json` exports them for the Python trainers.
 */
import { REGIONS, type Region } from "../../../shared/regions.ts";
import { REGION_PHRASES } from "./regions/phrases.ts";

export interface RegionWordings {
  region: Region;
  train: string[];
  heldOut: string[];
}

interface Subject {
  subject: string;
  noun: string;
  object: string;
}

const SUBJECTS: readonly Subject[] = [
  { subject: "a person", noun: "person", object: "the person" },
  { subject: "a man", noun: "man", object: "him" },
  { subject: "a woman", noun: "woman", object: "her" },
  { subject: "someone", noun: "face", object: "them" },
  { subject: "the person", noun: "young person", object: "this person" },
  { subject: "a young woman", noun: "young woman", object: "the woman" },
  { subject: "an old man", noun: "old man", object: "the man" },
  { subject: "a portrait of a person", noun: "portrait", object: "the face" },
];

/** Fills a phrase's placeholders for one subject. */
function fill(phrase: string, who: Subject): string {
  return phrase.replaceAll("{s}", who.subject).replaceAll("{n}", who.noun).replaceAll("{o}", who.object);
}

function fillAll(phrases: readonly string[]): string[] {
  return [...new Set(phrases.flatMap((phrase) => SUBJECTS.map((who) => fill(phrase, who))))];
}

/** All wordings of the eighteen regions, in mask order. */
export const WORDINGS: readonly RegionWordings[] = REGIONS.map((region) => ({
  region,
  train: fillAll(REGION_PHRASES[region].train),
  heldOut: fillAll(REGION_PHRASES[region].heldOut),
}));

if (process.argv[1] === import.meta.filename) {
  const phrases = Object.fromEntries(
    REGIONS.map((region) => [
      region,
      {
        train: REGION_PHRASES[region].train.map((phrase) => fill(phrase, SUBJECTS[0] as Subject)),
        heldOut: REGION_PHRASES[region].heldOut.map((phrase) => fill(phrase, SUBJECTS[0] as Subject)),
      },
    ]),
  );
  process.stdout.write(`${JSON.stringify({ regions: REGIONS, wordings: WORDINGS, phrases }, null, 1)}\n`);
}
