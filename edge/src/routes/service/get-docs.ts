import { OpenAPIHono } from "@hono/zod-openapi";
import type { AppEnv } from "../../context.ts";

/** Swagger UI and what starts it are static files in `edge/public/docs`, from this address alone. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

const PAGE = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Flux-Sculptor: the contract</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/docs/swagger-ui.css">
<main id="contract"></main>
<noscript>This page needs JavaScript; <a href="/openapi.json">the contract itself</a> does not.</noscript>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/reader.js"></script>
</html>
`;

/** `GET /docs`: the contract as a page. */
export const getDocs = new OpenAPIHono<AppEnv>();

getDocs.get("/docs", (c) => {
  c.header("Content-Security-Policy", POLICY);
  return c.html(PAGE);
});
