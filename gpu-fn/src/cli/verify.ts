// `npm run verify -- picture`: reads a picture's content credentials and its invisible mark.
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { InputError } from "../errors.ts";
import { developmentTrust } from "../provenance/development.ts";
import { type Trust, verifyPicture, wordsOf } from "../provenance/verdict.ts";
import { projectCommand, runCommand } from "./command.ts";
import { readPicture } from "./files.ts";

interface VerifyOptions {
  readonly json?: boolean;
  readonly anchors?: string;
}

const ROOT = join(import.meta.dirname, "../../..");

/** The keys from the environment, else those of the local installation, which lie in the project's folder. */
function localTrust(): Trust {
  const { WATERMARK_SECRET: secret, STATE_DIR: state = ".state" } = process.env;
  return { ...developmentTrust(resolve(ROOT, state)), ...(secret && { secret }) };
}

async function anchorsIn(path: string): Promise<string> {
  return readFile(path, "utf8").catch((cause: unknown) => {
    throw new InputError("file_unreadable", `${path} cannot be read`, { cause });
  });
}

async function verify(picture: string, { json, anchors }: VerifyOptions): Promise<void> {
  const local = localTrust();
  const trust = anchors === undefined ? local : { ...local, anchors: await anchorsIn(anchors) };
  const verdict = await verifyPicture(await readPicture(picture), trust);
  process.stdout.write(`${json ? JSON.stringify(verdict) : wordsOf(verdict).join("\n")}\n`);
  if (verdict.credentials === null && !verdict.watermark?.found) process.exitCode = 1;
}

await runCommand(
  projectCommand("verify", "Show a picture's origin by its content credentials and its invisible mark.")
    .argument("<picture>", "PNG, JPEG, WebP or AVIF")
    .option("--json", "print one JSON object instead of text")
    .option("--anchors <file>", "PEM certificates of authorities to trust")
    .addHelpText(
      "after",
      "\nWATERMARK_SECRET is the deployment's secret. Without it and --anchors, those of the local installation in STATE_DIR are used." +
        "\nExit codes: 0 credentials or mark found · 1 neither · 2 the picture cannot be read",
    )
    .action(verify),
);
