import { join, relative } from "node:path";

const PORTRAIT = join(import.meta.dirname, "../../gpu-fn/examples/portrait-01.png");

const OPEN = `

  Others on this network reach it, too: the playground without a key, all else with one.`;

/** What a developer needs first: the address, the key, and a command that makes an edit from the current folder. */
export function banner(given: {
  url: string;
  apiKey: string;
  secrets: string;
  /** Whether other devices on the network can reach it. */
  open: boolean;
  seconds: number;
  here: string;
}): string {
  const { url, apiKey, here } = given;
  const path = relative(here, PORTRAIT);
  const photo = path.startsWith("..") ? PORTRAIT : path;
  return `
Flux-Sculptor is ready on ${url} (${given.seconds.toFixed(1)} s); a browser shows the playground there

  API key    ${apiKey}
  admin key  in ${relative(here, given.secrets) || given.secrets}
  docs       ${url}/docs#key=${apiKey} (each route, ready to try)${given.open ? OPEN : ""}

  curl ${url}/v1/edits \\
    -H 'Authorization: Bearer ${apiKey}' \\
    -H 'Prefer: wait=60' \\
    -F 'image=@${photo}' \\
    -F 'source_prompt=a woman' \\
    -F 'prompt=a woman wearing glasses'

Ctrl-C ends all of it.
`;
}
