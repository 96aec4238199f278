// Storage as seen through signed URLs: one method per object, whole bodies with length and type, faults on demand.
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface Stored {
  readonly bytes: Uint8Array;
  readonly contentType: string;
}

export const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

export async function openStorage() {
  const objects = new Map<string, Stored>();
  /** Status codes to answer with instead, by key, in order. */
  const faults = new Map<string, number[]>();
  const requests: string[] = [];

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? "/", "http://storage");
    const key = url.pathname.slice(1);
    requests.push(`${request.method} ${key}`);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const bytes = Buffer.concat(chunks);
    const answer = (status: number, body?: Uint8Array) => response.writeHead(status).end(body);
    const fault = faults.get(key)?.shift();
    if (fault !== undefined) return void answer(fault);
    if (url.searchParams.get("method") !== request.method) return void answer(403);
    if (request.method === "GET") {
      const object = objects.get(key);
      return void (object === undefined ? answer(404) : answer(200, object.bytes));
    }
    const contentType = request.headers["content-type"];
    if (Number(request.headers["content-length"]) !== bytes.length || contentType === undefined)
      return void answer(411);
    objects.set(key, { bytes, contentType });
    answer(201);
  };

  const server = createServer((request, response) => void serve(request, response));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    objects,
    faults,
    requests,
    /** Stores an object. @returns what a task needs to read it */
    give(key: string, bytes: Uint8Array) {
      objects.set(key, { bytes, contentType: "image/png" });
      return { url: `${origin}/${key}?method=GET`, sha256: sha256(bytes) };
    },
    /** What a task needs to read a written object. */
    reading(key: string) {
      const object = objects.get(key);
      if (object === undefined) throw new Error(`nothing was written to ${key}`);
      return { url: `${origin}/${key}?method=GET`, sha256: sha256(object.bytes) };
    },
    writing: (key: string) => ({ key, url: `${origin}/${key}?method=PUT` }),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

export type Storage = Awaited<ReturnType<typeof openStorage>>;
