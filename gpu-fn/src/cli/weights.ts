// `npm run weights -- MODEL --to DIR`: downloads a model's files from the Hugging Face hub.
import { createInterface } from "node:readline/promises";
import { SingleBar } from "cli-progress";
import { Option } from "commander";
import { InputError } from "../errors.ts";
import { LAYOUTS, type Layout } from "../manifest/files.ts";
import { type Manifest, readManifest } from "../manifest/manifest.ts";
import { fetchModeration, MODERATION_WEIGHTS } from "../moderation/weights.ts";
import { fetchWeights } from "../weights/fetch.ts";
import { writeInt8 } from "../weights/int8.ts";
import { projectCommand, runCommand } from "./command.ts";
import { manifestOf } from "./model-manifest.ts";

interface Options {
  readonly to?: string;
  readonly layout: Layout;
  readonly token?: string;
  readonly hub?: string;
  readonly acceptLicence?: boolean;
  readonly int8?: boolean;
}

type Terms = NonNullable<Manifest["terms"]>;

function show({ name, notice, url }: Terms): void {
  process.stderr.write(`${name}\n${notice}\n${url}\n`);
}

async function agree(terms: Terms, accepted: boolean): Promise<boolean> {
  show(terms);
  if (accepted) return true;
  if (!process.stdin.isTTY) return false;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question("Do you agree to it? (yes/no) ");
  terminal.close();
  return /^y(es)?$/i.test(answer.trim());
}

/** A progress bar over all bytes on a terminal; nothing elsewhere. */
function byteBar() {
  if (!process.stderr.isTTY) return { start() {}, file() {}, add() {}, stop() {} };
  const bar = new SingleBar({
    format: "{bar} {percentage} % · {done} of {all} GB · {eta_formatted} left · {file}",
    hideCursor: true,
    etaBuffer: 200,
  });
  let done = 0;
  const gigabytes = (bytes: number) => (bytes / 1e9).toFixed(2);
  return {
    start(total: number, there: number) {
      done = there;
      bar.start(total, there, { file: "", done: gigabytes(there), all: gigabytes(total) });
    },
    file: (file: string) => bar.update({ file }),
    add(bytes: number) {
      done += bytes;
      bar.increment(bytes, { done: gigabytes(done) });
    },
    stop: () => bar.stop(),
  };
}

/** Fetches the weights of the moderation policies and checks their hashes. */
async function moderation(to = MODERATION_WEIGHTS): Promise<void> {
  await fetchModeration(to, (line) => void process.stderr.write(`${line}\n`), { hashes: true });
  process.stdout.write(`${to}: the moderation weights are complete\n`);
}

async function run(model: string, options: Options): Promise<void> {
  if (model === "moderation") return moderation(options.to);
  if (options.to === undefined) throw new InputError("option_invalid", "give --to FOLDER");
  const source = manifestOf(model);
  const manifest = await readManifest(source);
  const { to, layout, token = process.env.HF_TOKEN, hub = process.env.HF_ENDPOINT } = options;
  if (token && !token.startsWith("hf_"))
    throw new InputError("option_invalid", "a token of the hub begins with hf_ (HF_TOKEN or --token)");
  // terms that need no consent may still warn of what the model does badly
  if (manifest.terms?.accept === false) show(manifest.terms);
  const bar = byteBar();
  try {
    const fetched = await fetchWeights(manifest, source, to, {
      layout,
      agree: (terms) => agree(terms, options.acceptLicence ?? false),
      onTotal: bar.start,
      onFile: bar.file,
      onBytes: bar.add,
      ...(token ? { accessToken: token } : {}),
      ...(hub ? { hubUrl: hub.replace(/\/$/, "") } : {}),
    });
    bar.stop();
    const { downloaded, kept } = fetched;
    process.stdout.write(`${to}: ${downloaded.length} files downloaded, ${kept.length} already there\n`);
    if (options.int8) await packed(fetched.manifest);
    process.stdout.write(`run it with MODEL_MANIFEST=${fetched.manifest}\n`);
  } finally {
    bar.stop();
  }
}

async function packed(path: string): Promise<void> {
  const { layers, bytes } = await writeInt8(await readManifest(path));
  process.stdout.write(`${layers} layers in eight bits: ${(bytes / 1e9).toFixed(2)} GB\n`);
}

await runCommand(
  projectCommand(
    "weights",
    "Download a model's weights and tokenizers from the Hugging Face hub; intact files are kept.",
  )
    .argument(
      "<model>",
      "a model of gpu-fn/models, such as flux-dev, the path of a manifest.json, or moderation",
    )
    .option("--to <folder>", "target folder (default for moderation: gpu-fn/models/moderation)")
    .addOption(
      new Option("--layout <layout>", "black-forest-labs' files, or diffusers' shards")
        .choices(LAYOUTS)
        .default("bfl"),
    )
    .option("--accept-licence", "accept the model's licence, whose notice is shown")
    .option("--token <token>", "the hub's token (default: HF_TOKEN)")
    .option("--hub <url>", "another hub (default: HF_ENDPOINT, or huggingface.co)")
    .option("--int8", "also store the large layers in eight bits, for GPUs with 24 GB")
    .action(run),
);
