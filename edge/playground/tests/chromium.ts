import { execFileSync } from "node:child_process";
import { type Browser, chromium } from "playwright-core";

/** Names of a Chromium that a system may have installed. */
const SYSTEM = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"] as const;

/** Without a user namespace (containers, root) Chromium's own sandbox cannot start; the pages here are ours. */
const ARGS = ["--no-sandbox", "--disable-dev-shm-usage"];

/**
 * A Chromium: the one CHROME_PATH names, else the system's, else the one inside npm's `@sparticuz/chromium` (Linux x64).
 * @throws Error that says how to get one if there is none
 */
export async function launchChromium(): Promise<Browser> {
  const path = process.env.CHROME_PATH || installed() || (await packaged());
  return chromium.launch({ executablePath: path, args: ARGS });
}

function installed(): string | null {
  for (const name of SYSTEM) {
    try {
      return execFileSync("which", [name], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
    } catch {
      // not of this name
    }
  }
  return null;
}

async function packaged(): Promise<string> {
  if (process.platform !== "linux" || process.arch !== "x64")
    throw new Error("no Chromium here: install one, or say where it is with CHROME_PATH=…");
  // unpacks the libraries a bare system lacks as well, and names them in LD_LIBRARY_PATH
  process.env.AWS_LAMBDA_JS_RUNTIME ??= "nodejs20.x";
  const { default: packed } = await import("@sparticuz/chromium");
  return packed.executablePath();
}
