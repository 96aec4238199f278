import type { MiddlewareHandler } from "hono";
import type { AppEnv } from "../context.ts";
import { Refusal } from "../problem.ts";

/**
 * Refuses a body that declares no length, or one above `maxBytes`, before a byte of it is read. The runtime cuts off
 * anything beyond the announced length.
 */
export const bodyLength = (maxBytes: number): MiddlewareHandler<AppEnv> =>
  async function bodyLength(c, next) {
    announcedLength(c.req.header("Content-Length"), maxBytes);
    await next();
  };

/**
 * Length of a body in bytes, from its `Content-Length`.
 * @throws Refusal `length_required`, `invalid_request` (400), `payload_too_large`
 */
export function announcedLength(header: string | undefined, maxBytes: number): number {
  if (header === undefined) throw new Refusal("length_required", "send the body with a Content-Length");
  if (!/^\d{1,15}$/.test(header))
    throw new Refusal("invalid_request", "Content-Length is not a number", { status: 400 });
  const length = Number(header);
  if (length > maxBytes)
    throw new Refusal("payload_too_large", `the body is ${length} bytes; at most ${maxBytes} are taken here`);
  return length;
}
