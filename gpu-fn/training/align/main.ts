// `npm run pasl:align -- flux-dev`: PASL is read by the model's own CLIP from now on, as in the paper.
import { SingleBar } from "cli-progress";
import { projectCommand, runCommand } from "../../src/cli/command.ts";
import { manifestIn, manifestOf } from "../../src/cli/model-manifest.ts";
import { readManifest } from "../../src/manifest/manifest.ts";
import { WORDINGS } from "../text2mask/wordings.ts";
import { alignPasl, type Wording } from "./align.ts";

/** Wordings of a phrase for different people follow one another: `a person with a beard`, `a man with a beard`. */
const PEOPLE = 8;

const learnt: readonly Wording[] = WORDINGS.flatMap(({ train }) => train).map((text, index) => ({
  text,
  phrase: Math.floor(index / PEOPLE),
}));
const unseen = WORDINGS.flatMap(({ heldOut }) => heldOut);

async function align(model: string, { dir }: { readonly dir?: string }): Promise<void> {
  const manifest = await (dir === undefined ? readManifest(manifestOf(model)) : manifestIn(model, dir));
  const bar = new SingleBar({ format: "{bar} {value}/{total} texts · {eta_formatted} left" });
  if (process.stderr.isTTY) bar.start(2 * (learnt.length + unseen.length), 0);
  try {
    const progress = (texts: number) => bar.increment(texts);
    const { path, likeness } = await alignPasl({ manifest, learnt, unseen, progress });
    bar.stop();
    process.stdout.write(
      `${path} written: ${manifest.id} reads prompts for its masks by its own CLIP from now on; delete the file to undo it\n` +
        `${unseen.length} wordings that were not learnt: cosine ${likeness.toFixed(3)} to the text tower that ships\n`,
    );
  } finally {
    bar.stop();
  }
}

await runCommand(
  projectCommand("pasl:align", "Fit PASL's projector to a model's own CLIP, using texts only.")
    .argument("<model>", "flux-dev, flux-schnell, or the path of a manifest")
    .option("--dir <folder>", "folder with the model's files (default: its manifest's)")
    .action(align),
);
