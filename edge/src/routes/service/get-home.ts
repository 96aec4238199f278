import { OpenAPIHono } from "@hono/zod-openapi";
import type { AppEnv } from "../../context.ts";
import { settingsOf } from "../../env.ts";

/** No scripts, and only the style below, by its hash. */
const POLICY = [
  "default-src 'none'",
  "style-src 'sha256-lQv6oijBEzleaI8fai4MLu1VxdhRNiLIxV0JNok482g='",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

const page = (origin: string) => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Flux-Sculptor</title>
<style>
  body { max-width: 44rem; margin: 3rem auto; padding: 0 1rem; font: 1rem/1.5 system-ui, sans-serif; }
  pre { padding: 1rem; overflow-x: auto; background: #8881; border-radius: .5rem; }
</style>
<h1>Flux-Sculptor</h1>
<p>Edit a portrait by saying what it should show. Only that changes.</p>
<pre>curl ${origin}/v1/edits \\
  -H "Authorization: Bearer $KEY" -H "Prefer: wait=60" \\
  -F image=@portrait.png -F prompt="a woman wearing glasses"</pre>
<p><a href="/docs">The contract</a> (<a href="/openapi.json">OpenAPI 3.1</a>) · <a href="/v1/presets">Presets and prices</a> ·
<a href="/healthz">Health</a></p>
</html>
`;

/** `GET /` if the playground is not built (its `index.html` in `edge/public` takes precedence): a first request. */
export const getHome = new OpenAPIHono<AppEnv>();

getHome.get("/", (c) => {
  const { origin } = new URL(settingsOf(c.env).PUBLIC_URL);
  c.header("Content-Security-Policy", POLICY);
  return c.html(page(origin));
});
