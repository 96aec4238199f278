import { Hono } from "hono";

/** `GET /healthz`: the worker answers. */
export const healthz = new Hono().get("/healthz", (c) => c.json({ status: "ok" }));
