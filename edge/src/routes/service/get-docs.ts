import { OpenAPIHono } from "@hono/zod-openapi";
import type { AppEnv } from "../../context.ts";

/** Swagger UI, the guides and their viewer are static files in `edge/public/docs`, loaded from this address alone. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** Guides by the name of their file, `edge/public/docs/NAME.md`. */
export const GUIDES = {
  "first-edit": "A first edit",
  uploads: "Uploads from an app",
  webhooks: "Webhooks",
  masks: "Masks",
  money: "Money",
  errors: "Errors",
  versions: "Versions",
} as const;

const LINKS = [
  ["/docs", "Reference"],
  ...Object.entries(GUIDES).map(([name, title]) => [`/docs/${name}`, title]),
]
  .map(([path, title]) => `<a href="${path}">${title}</a>`)
  .join("\n");

const page = (title: string, plain: string) => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Flux-Sculptor: ${title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/docs/swagger-ui.css">
<link rel="stylesheet" href="/docs/docs.css">
<nav aria-label="Documentation">
<a href="/">Playground</a>
${LINKS}
</nav>
<main id="contract"></main>
<noscript>This page needs JavaScript; <a href="${plain}">its source</a> does not.</noscript>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/reader.js"></script>
</html>
`;

/** `GET /docs`: the contract as a page, with a form to try each route; `GET /docs/NAME`: a guide. */
export const getDocs = new OpenAPIHono<AppEnv>();

getDocs.get("/docs", (c) => {
  c.header("Content-Security-Policy", POLICY);
  return c.html(page("the API", "/openapi.json"));
});

for (const [name, title] of Object.entries(GUIDES))
  getDocs.get(`/docs/${name}`, (c) => {
    c.header("Content-Security-Policy", POLICY);
    return c.html(page(title, `/docs/${name}.md`));
  });
