// An account that uses every feature with its own prompts and pictures, on the real parts.
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { developmentKeys } from "../../../gpu-fn/src/provenance/development.ts";
import { createClient } from "../../../shared/client/src/index.ts";
import type { Edit } from "../../../shared/edit.ts";
import { isId } from "../../../shared/ids.ts";
import { openAccount } from "../../local/account.ts";
import { freePort } from "../../local/ports.ts";
import { startStack } from "../../local/stack.ts";
import { openState } from "../../local/state.ts";
import { MOCK } from "../../local/upstash/server.ts";
import { fileMarkers, grainyPortrait, type Marker, textMarkers, word } from "./markers.fixture.ts";

const SCHEDULE = { steps: 4, structuring_steps: 1 };

/** Where the pixels of a signed result begin: its content credentials, with the certificates, are before. */
const CREDENTIALS_END = 20_000;

export type Scene = Awaited<ReturnType<typeof openScene>>;

/** The parts of `npm start` on a separate state, with keys for both marks of provenance. */
export async function openScene() {
  const folder = mkdtempSync(join(tmpdir(), "flux-privacy-"));
  const state = openState(folder);
  const said: string[] = [];
  const say = (line: string) => void said.push(line);
  const provenance = await developmentKeys(folder, say);
  const stack = await startStack({
    state,
    port: await freePort(),
    redisServer: MOCK,
    gpuEnv: { ...provenance },
    say,
  });
  await stack.workerUp();
  const key = await openAccount(stack.url, state);
  await stack.gpuReady();
  const heard = await openReceiver();
  return {
    folder,
    state,
    stack,
    key,
    said,
    client: createClient({ url: stack.url, key, retries: 0 }),
    receiver: heard,
    /** Secrets of the installation and their substitutes. */
    secrets: {
      "secret key": key,
      "admin key": state.secrets.admin_key,
      "signing secret": state.secrets.signing_secret,
      "GPU secret": stack.inside.gpu.secret,
      "Upstash token": stack.inside.upstash.token,
      "watermark secret": provenance.WATERMARK_SECRET,
      "C2PA key": provenance.C2PA_PRIVATE_KEY?.replaceAll("\\n", "\n").split("\n")[1] ?? "",
    },
    fetch: (path: string, init: RequestInit = {}) =>
      fetch(new URL(path, stack.url), {
        ...init,
        headers: { authorization: `Bearer ${key}`, ...init.headers },
      }),
    async close() {
      heard.close();
      await stack.stop();
      rmSync(folder, { recursive: true });
    },
  };
}

/** Receives webhooks on this machine. */
async function openReceiver() {
  const bodies: string[] = [];
  const server = createServer(async (request, response) => {
    let text = "";
    for await (const chunk of request) text += String(chunk);
    bodies.push(text);
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    bodies,
    url: (path: string) => `http://127.0.0.1:${(server.address() as AddressInfo).port}/${path}`,
    close: () => server.close(),
  };
}

/** What a customer left behind: to be erased, and then not found anywhere. */
export interface Traces {
  readonly markers: readonly Marker[];
  /** Ids of uploaded photos. */
  readonly images: readonly string[];
  /** Ids of masks located on them. */
  readonly masks: readonly string[];
  readonly edits: readonly string[];
  /** Signed URLs and tokens that were given out. */
  readonly tickets: readonly string[];
}

/** Edits of every kind, each with its own prompt and picture. */
export async function leaveTraces({ client, fetch: ask, receiver, stack }: Scene): Promise<Traces> {
  const markers: Marker[] = [];
  const [images, tickets]: [string[], string[]] = [[], []];
  const text = (name: string) => {
    const made = word(name);
    markers.push(...textMarkers(name, made));
    return made;
  };
  const photo = async (name: string, format: "png" | "jpeg" = "png") => {
    const made = await grainyPortrait(format);
    markers.push(...fileMarkers(name, made));
    return made;
  };
  const upload = async (name: string) => {
    const { id } = await client.upload(await photo(name));
    images.push(id);
    return id;
  };
  // in a clause of its own, which is left out by name: said of the glasses, a strange word may change how they come out
  const promptWith = (name: string) => `a woman wearing glasses, ${text(name)}`;

  const uploaded = await upload("photo");
  const byId = await client.createEdit(
    {
      image: uploaded,
      prompt: promptWith("prompt"),
      source_prompt: `a woman ${text("source")}`,
      schedule: SCHEDULE,
      metadata: { note: text("metadata") },
      webhook_url: receiver.url("hook"),
    },
    { wait: 30 },
  );
  const dataUrl = `data:image/jpeg;base64,${(await photo("data-url", "jpeg")).toString("base64")}`;
  const byDataUrl = await client.createEdit(
    { image: dataUrl, prompt: promptWith("data"), schedule: SCHEDULE },
    { wait: 30 },
  );
  const drawn = new Blob([await grainyMask()], { type: "image/png" });
  const byForm = await client.createEdit(
    {
      image: new Blob([await photo("form-photo")], { type: "image/png" }),
      mask: drawn,
      prompt: promptWith("form"),
      schedule: SCHEDULE,
    },
    { wait: 30 },
  );
  markers.push(...fileMarkers("drawn-mask", new Uint8Array(await drawn.arrayBuffer())));
  const mask = await client.createMask({ image: uploaded, prompt: promptWith("masked") });
  const alternatives = await client.createAlternatives({
    image: await upload("alternatives-photo"),
    source_prompt: "a woman",
    schedule: SCHEDULE,
    alternatives: [{ prompt: promptWith("first") }, { prompt: promptWith("second") }],
  });
  const shown = await client.createEdit({
    image: uploaded,
    prompt: promptWith("long"),
    schedule: { steps: 60, guidance: { method: "true" } },
  });
  tickets.push(await previewOf(ask, shown.id));

  const place = await client.createUpload({ content_type: "image/png" });
  if (!isId("img", place.image_id)) throw new Error("the upload has no image id");
  const sent = await photo("signed-upload");
  await expectOk(fetch(place.url, { method: "PUT", body: sent, headers: { "content-type": "image/png" } }));
  images.push(place.image_id);
  const render = await client.createToken({
    action: "render",
    expires_in: 600,
    constraints: { image: place.image_id, prompts: [promptWith("render")], presets: ["fast"] },
  });
  await expectOk(fetch(render.url));
  const pass = await client.createToken({ action: "edit", expires_in: 600 });
  const byToken = await fetch(`${stack.url}/v1/edits?token=${pass.token}`, {
    method: "POST",
    headers: { "content-type": "application/json", prefer: "wait=30" },
    body: JSON.stringify({ image: uploaded, prompt: promptWith("token"), schedule: SCHEDULE }),
  });
  await expectOk(Promise.resolve(byToken));
  tickets.push(place.url, render.url, render.token, pass.token);

  const edits: Edit[] = [];
  for await (const { id } of client.listEdits()) edits.push(await client.waitForEdit(id));
  const failed = edits.filter(({ status }) => status !== "succeeded");
  if (failed.length > 0) throw new Error(`not all edits worked: ${JSON.stringify(failed)}`);
  for (const id of [byId.id, byDataUrl.id, byForm.id, ...alternatives.map((one) => one.id)])
    if (!edits.some((edit) => edit.id === id)) throw new Error("an edit is missing");
  for (const { image, mask: used } of edits) {
    tickets.push(image?.url ?? "", used?.url ?? "");
    markers.push(...fileMarkers("result", await bytesOf(image?.url), CREDENTIALS_END));
  }
  const words = images.map((id, at) => ({ name: `image id ${at}`, bytes: Buffer.from(id) }));
  return {
    markers: [...markers, ...words],
    images,
    masks: [mask.mask.id],
    edits: edits.map(({ id }) => id),
    tickets,
  };
}

/** The mask of a brush with noise at its edge: its file is like no other. */
async function grainyMask(): Promise<Buffer<ArrayBuffer>> {
  const noise = { type: "gaussian", mean: 128, sigma: 90 } as const;
  const picture = sharp({ create: { width: 512, height: 512, channels: 3, background: "white", noise } });
  return Buffer.from(await picture.png().toBuffer());
}

/** Follows an edit to its end. @returns the address of a preview of it */
async function previewOf(ask: Scene["fetch"], id: string): Promise<string> {
  const text = await (await ask(`/v1/edits/${id}/events`)).text();
  const url = /event: preview\ndata: .*?"url":"([^"]+)"/.exec(text)?.[1];
  if (url === undefined) throw new Error(`no preview came: ${text.slice(-400)}`);
  return url;
}

async function bytesOf(url = ""): Promise<Uint8Array> {
  return new Uint8Array(await (await fetch(url)).arrayBuffer());
}

async function expectOk(answer: Promise<Response>): Promise<void> {
  const { ok, status, body } = await answer;
  await body?.cancel();
  if (!ok) throw new Error(`it answered ${status}`);
}
