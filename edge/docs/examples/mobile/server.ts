// The app's own server: only it has the key, and it signs for signed-in users. `app` is any server's handler.
import { Hono } from "hono";
import { type Client, createClient } from "../../../../shared/client/src/index.ts";

/** What one person may spend in one session: three edits of at most ten credits each, within the hour. */
const SESSION = { expires_in: 3_600, max_uses: 3, constraints: { max_credits: 10 } } as const;

export const signer = (flux: Client) =>
  new Hono()
    // put your own sign-in in front of both: app.use(…)
    .post("/session", async (c) => {
      const upload = await flux.createToken({ action: "upload", expires_in: 600, max_uses: 3 });
      const edit = await flux.createToken({ action: "edit", ...SESSION });
      return c.json({ upload: upload.url, edit: edit.url });
    })
    .post("/share", async (c) => {
      const { image, prompt } = await c.req.json<{ image: `img_${string}`; prompt: string }>();
      const constraints = { image, prompts: [prompt], max_credits: 10 };
      const render = await flux.createToken({ action: "render", expires_in: 30 * 86_400, constraints });
      // note for whoever shares the address: it must be opened once before the photo is erased
      return c.json({ url: render.url, until: render.image_expires_at ?? render.expires_at });
    });

export const app = signer(
  createClient({ url: process.env.FLUX_API_URL ?? "http://127.0.0.1:8787", key: process.env.FLUX_API_KEY }),
);
