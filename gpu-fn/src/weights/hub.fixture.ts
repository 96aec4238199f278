/** For tests: a server with the hub's protocol, and a second one as its content network. */
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** How a file transfer fails. Faults are used up one by one. */
export type Fault = "cut" | "wrong" | "whole" | "stall" | 500;

const sha = (kind: string, ...parts: (string | Uint8Array)[]) =>
  parts.reduce((hash, part) => hash.update(part), createHash(kind)).digest("hex");

/** @param gated the only token that gets access */
export async function openHub(options: { readonly gated?: string } = {}) {
  /** By `repo/path`. */
  const files = new Map<string, Uint8Array>();
  const faults = new Map<string, Fault[]>();
  const ranges: string[] = [];
  const cdnTokens: (string | undefined)[] = [];
  /** Accounts that may see the repository and have not agreed to its terms. */
  const strangers = new Set<string>();

  const cdn = createServer((request, response) => {
    cdnTokens.push(request.headers.authorization);
    const key = decodeURIComponent((request.url ?? "").slice(1));
    const { range = "" } = request.headers;
    if (range !== "bytes=0-0") ranges.push(`${key} ${range}`);
    send(response, files.get(key), range, range === "bytes=0-0" ? undefined : faults.get(key)?.shift());
  });
  const hub = createServer(async (request, response) => {
    const token = request.headers.authorization?.replace("Bearer ", "");
    if (token !== undefined && strangers.has(token)) return void response.writeHead(403).end();
    if (options.gated !== undefined && token !== options.gated) return void response.writeHead(401).end();
    const url = request.url ?? "";
    const info = /^\/api\/models\/(.+)\/paths-info\/main$/.exec(url);
    if (info) {
      const { paths } = JSON.parse(await textOf(request)) as { paths: string[] };
      const found = paths.flatMap((path) => describe(path, files.get(`${info[1]}/${path}`)));
      return void response.writeHead(200, { "Content-Type": "application/json" }).end(JSON.stringify(found));
    }
    const resolve = /^\/([^/]+\/[^/]+)\/resolve\/main\/(.+)$/.exec(url);
    const key = `${resolve?.[1]}/${resolve?.[2]}`;
    if (!files.has(key)) return void response.writeHead(404, { "X-Error-Code": "EntryNotFound" }).end();
    response.writeHead(302, { Location: `${origin(cdn)}/${encodeURIComponent(key)}` }).end();
  });
  for (const server of [hub, cdn]) {
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
  }
  return {
    url: origin(hub),
    files,
    faults,
    ranges,
    cdnTokens,
    strangers,
    async close() {
      for (const server of [hub, cdn]) {
        server.closeAllConnections();
        server.close();
        await once(server, "close");
      }
    },
  };
}

export type FakeHub = Awaited<ReturnType<typeof openHub>>;

const origin = (server: Server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

async function textOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request) text += chunk;
  return text;
}

/** Large files are stored separately under their SHA-256; small ones are Git blobs. */
function describe(path: string, bytes: Uint8Array | undefined) {
  if (bytes === undefined) return [];
  const oid = sha("sha1", `blob ${bytes.length}\0`, bytes);
  const lfs = path.endsWith(".safetensors")
    ? { lfs: { oid: sha("sha256", bytes), size: bytes.length, pointerSize: 134 } }
    : {};
  return [{ type: "file", path, size: bytes.length, oid, ...lfs }];
}

function send(response: ServerResponse, bytes: Uint8Array | undefined, range: string, fault?: Fault): void {
  if (bytes === undefined) return void response.writeHead(404).end();
  if (fault === 500) return void response.writeHead(500).end();
  const [, from = "0", to = String(bytes.length - 1)] = /^bytes=(\d+)-(\d+)$/.exec(range) ?? [];
  const part = bytes.slice(Number(from), Number(to) + 1);
  if (fault === "whole") return void response.writeHead(200, { ETag: '"x"' }).end(bytes);
  if (fault === "wrong") part[0] = (part[0] ?? 0) ^ 1;
  response.writeHead(206, {
    ETag: '"an-etag"',
    "Content-Length": String(part.length),
    "Content-Range": `bytes ${from}-${to}/${bytes.length}`,
  });
  if (fault === undefined || fault === "wrong") return void response.end(part);
  response.write(part.subarray(0, part.length >> 1), () => {
    if (fault === "cut") setTimeout(() => response.destroy(), 20);
  });
}
