import { Hono } from "hono";
import { png } from "./pictures.ts";

/**
 * A host of photos, `https://photos.test`: `/portrait.png` is a photo, `/jump?to=…` redirects, `/large` announces 16
 * MB, `/endless` sends them unannounced, `/page` is HTML, everything else is 404.
 */
export const photoHost = new Hono();

photoHost.get("/portrait.png", (c) => c.body(png(64, 80), 200, { "Content-Type": "text/plain" }));
photoHost.get("/page", (c) => c.html("<!doctype html><title>a page, not a picture</title>"));
photoHost.get("/jump", (c) => c.redirect(c.req.query("to") ?? "", 302));
photoHost.get("/large", () => new Response(new Uint8Array(16_000_000)));
photoHost.get("/endless", () => {
  const chunk = new Uint8Array(1_000_000);
  let sent = 0;
  return new Response(
    new ReadableStream({
      pull: (stream) => {
        sent += 1;
        if (sent > 100) stream.close();
        else stream.enqueue(chunk);
      },
    }),
  );
});
