// Every kind of failure, with prompts and pictures in it that no log may repeat.
import sharp from "sharp";
import type { Edit } from "../../../shared/edit.ts";
import { fileMarkers, grainyPortrait, type Marker, textMarkers, word } from "./markers.fixture.ts";
import type { Scene } from "./scene.fixture.ts";

const JSON_TYPE = { "content-type": "application/json" };

/** Requests that are refused, edits that fail, parts that are killed. @returns their contents */
export async function provokeFaults(scene: Scene): Promise<Marker[]> {
  const { fetch: ask, stack, client, key } = scene;
  const markers: Marker[] = [];
  const text = (name: string) => {
    const made = word(name);
    markers.push(...textMarkers(name, made));
    return made;
  };
  const photo = await grainyPortrait("png");
  markers.push(...fileMarkers("refused photo", photo));
  const refused = async (answer: Promise<Response>) => {
    const { status, url, body } = await answer;
    await body?.cancel();
    if (status < 400 || status > 499) throw new Error(`${url} answered ${status}`);
  };
  const edit = (body: unknown, headers = {}) =>
    ask("/v1/edits", {
      method: "POST",
      headers: { ...JSON_TYPE, prefer: "wait=30", ...headers },
      body: typeof body === "string" ? body : JSON.stringify(body),
    });

  // refused by the worker
  const { id: image } = await client.upload(photo);
  await refused(
    edit({ image, prompt: `a woman wearing glasses ${text("unknown-field")}`, [text("field")]: 1 }),
  );
  await refused(edit(`{"prompt": "${text("broken-json")}`));
  await refused(edit({ image, prompt: `${text("too-long").repeat(60)}` }));
  await refused(edit({ image, prompt: text("no-key") }, { authorization: `Bearer ${key}x` }));
  const target = `http://user:${text("target-password")}@127.0.0.1/`;
  await refused(
    edit({ image, prompt: `a woman wearing glasses ${text("bad-target")}`, webhook_url: target }),
  );
  const form = new FormData();
  form.set("image", new Blob([photo.subarray(0, 90_000)]), "cut.png");
  form.set("prompt", `a woman wearing glasses ${text("cut-photo")}`);
  await (
    await ask("/v1/edits", { method: "POST", headers: { prefer: "wait=30" }, body: form })
  ).body?.cancel();
  await refused(fetch(`${stack.url}/v1/render/${text("no-token")}`));
  await refused(fetch(`${stack.url}/v1/files/acct_1/images/img_1?signature=${text("no-signature")}`));
  await refused(fetch(`${stack.url}/v1/${text("no-route")}?token=${text("no-query")}`));

  // refused and failing on the GPU function
  const nothing = new Blob([await black()], { type: "image/png" });
  const failed = await client.createEdit(
    { image, mask: nothing, prompt: `a woman wearing glasses ${text("empty-mask")}` },
    { wait: 30 },
  );
  if (failed.status !== "failed") throw new Error("a mask of nothing was taken");
  const gpu = (path: string, body: string, token = stack.inside.gpu.secret) =>
    fetch(stack.inside.gpu.url + path, {
      method: "POST",
      headers: { ...JSON_TYPE, authorization: `Bearer ${token}` },
      body,
    });
  await refused(gpu("/edit", "{}", text("wrong-gpu-secret")));
  await refused(gpu("/edit", JSON.stringify({ prompt: text("no-task") })));
  await refused(gpu("/mask", `{"prompt": "${text("no-json")}`));
  const lost = { url: `http://127.0.0.1:1/${text("lost-photo")}`, sha256: "0".repeat(64) };
  await (await gpu("/mask", JSON.stringify(maskTask(lost, text("lost-prompt"))))).text();

  // killed under an edit
  const long = await client.createEdit({
    image,
    prompt: `a woman wearing glasses ${text("killed")}`,
    schedule: { steps: 60 },
  });
  await untilStatus(scene, long.id, (status) => status === "running");
  process.kill(-stack.parts.gpu.pid(), "SIGKILL");
  process.kill(-stack.parts.gateway.pid(), "SIGKILL");
  await untilStatus(scene, long.id, (status) => status !== "running");
  await client.cancelEdit(long.id);
  return markers;
}

const maskTask = (photo: object, prompt: string) => {
  const place = { key: "nowhere", url: "http://127.0.0.1:1/nowhere" };
  return {
    request_id: `mask-${word("task")}`,
    tenant: "a".repeat(64),
    photo,
    locate: [prompt],
    mask_options: {},
    put: { mask: place, located: place },
  };
};

/** A mask of the photo's size that edits nothing. */
async function black(): Promise<Buffer<ArrayBuffer>> {
  const create = { width: 512, height: 512, channels: 3, background: "black" } as const;
  return Buffer.from(await sharp({ create }).png().toBuffer());
}

async function untilStatus({ client }: Scene, id: string, holds: (status: Edit["status"]) => boolean) {
  for (;;) {
    if (holds((await client.getEdit(id)).status)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
