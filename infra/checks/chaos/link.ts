import { once } from "node:events";
import {
  type ClientRequest,
  createServer,
  type IncomingMessage,
  request,
  type Server,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { createInterface } from "node:readline";
import { buffer } from "node:stream/consumers";

/**
 * What passes over a link: a request before it is passed on, the second half of its body, the head of an answer, a line
 * of an NDJSON answer.
 */
export interface Passing {
  readonly point: "request" | "body" | "answer" | "line";
  readonly method: string;
  readonly path: string;
  /** The line; empty at other points. */
  readonly text: string;
}

/** Something that is held before it passes. */
export interface Held {
  readonly passing: Passing;
  release(): void;
  /** Ends the connection to both sides. */
  cut(): void;
}

/** How a link treats all traffic: unchanged, late, or with its own answer. */
export type Weather = "clear" | { readonly delayMs: number } | { readonly status: number } | "cut";

interface Watch {
  readonly matches: (passing: Passing) => boolean;
  readonly caught: (held: Held) => void;
}

/** How long and how often a patient link tries a missing target, in milliseconds. */
const PATIENCE = { totalMs: 60_000, everyMs: 25 } as const;

/** A closed connection: closed by us, or because one of its sides is gone. */
class CutError extends Error {
  override readonly name = "CutError";
}

/** An HTTP proxy between two parts that can hold, delay, refuse and cut what passes over it. */
export class Link {
  readonly url: string;
  weather: Weather = "clear";
  /** Requests wait for a target that does not listen yet, as on a platform that starts a container. */
  patient = false;
  readonly #server: Server;
  readonly #watches = new Set<Watch>();
  readonly #held = new Set<Held>();
  readonly #target: () => string;

  private constructor(server: Server, target: () => string) {
    this.#server = server;
    this.#target = target;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  /** Listens on a free port. @param target the destination, looked up for each request */
  static async open(target: () => string): Promise<Link> {
    const server = createServer();
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const link = new Link(server, target);
    server.on("request", (from, to) => {
      link.#pass(from, to).catch((error: unknown) => {
        // the caller sees the same as with a broken network
        from.socket.resetAndDestroy();
        if (!(error instanceof Error)) throw error;
      });
    });
    return link;
  }

  /** Holds the next match once it arrives. */
  hold(matches: Watch["matches"], signal?: AbortSignal): Promise<Held> {
    return new Promise((resolve, reject) => {
      const watch: Watch = { matches, caught: resolve };
      this.#watches.add(watch);
      signal?.addEventListener("abort", () => {
        this.#watches.delete(watch);
        reject(signal.reason);
      });
    });
  }

  /** Resets the link; held traffic continues. */
  clear(): void {
    this.weather = "clear";
    this.patient = false;
    this.#watches.clear();
    for (const held of this.#held) held.release();
  }

  close(): void {
    this.clear();
    this.#server.closeAllConnections();
    this.#server.close();
  }

  async #pass(from: IncomingMessage, to: ServerResponse): Promise<void> {
    const { method = "GET", url: path = "/" } = from;
    const passing = { method, path, text: "" };
    await this.#gate({ ...passing, point: "request" });
    if (typeof this.weather === "object" && "delayMs" in this.weather) await pause(this.weather.delayMs);
    if (this.weather === "cut") throw new CutError("cut");
    if (typeof this.weather === "object" && "status" in this.weather) {
      to.writeHead(this.weather.status, { "content-type": "application/json" });
      return void to.end('{"error":"an injected fault"}');
    }
    const answer = await this.#ask(from, to, path);
    await this.#gate({ ...passing, point: "answer" });
    to.writeHead(answer.statusCode ?? 502, answer.headers);
    const isLines = answer.headers["content-type"]?.startsWith("application/x-ndjson");
    if (isLines) {
      const lines = createInterface(answer);
      // the server may end while a line is held: earlier data passes, then `complete` shows the end
      lines.on("error", () => lines.close());
      for await (const text of lines) {
        await this.#gate({ ...passing, point: "line", text });
        if (!to.write(`${text}\n`)) await Promise.race([once(to, "drain"), once(to, "close")]);
      }
      if (!answer.complete) throw new CutError("the target is gone");
    } else {
      for await (const bytes of answer)
        if (!to.write(bytes)) await Promise.race([once(to, "drain"), once(to, "close")]);
    }
    to.end();
  }

  /** The target's answer to a request that is passed on as it arrives. */
  async #ask(from: IncomingMessage, to: ServerResponse, path: string): Promise<IncomingMessage> {
    const until = Date.now() + PATIENCE.totalMs;
    while (this.patient && !(await this.#listens()) && Date.now() < until) await pause(PATIENCE.everyMs);
    const target = new URL(this.#target());
    const { method, headers } = from;
    const { hostname, port } = target;
    const asked = request({ hostname, port, path, method, headers: { ...headers, host: target.host } });
    const half = { method: method ?? "GET", path, text: "", point: "body" } as const;
    if (this.#watched(half)) {
      this.#sendHalves(from, asked, half);
    } else {
      from.pipe(asked);
      // the client may leave at any time
      to.once("close", () => asked.destroy());
      if (to.destroyed) asked.destroy();
    }
    const [answer] = (await once(asked, "response")) as [IncomingMessage];
    return answer;
  }

  /** The body in two halves, the second when it may pass: what is on its way arrives, whoever sent it has left. */
  #sendHalves(from: IncomingMessage, asked: ClientRequest, half: Passing): void {
    buffer(from)
      .then(async (bytes) => {
        const middle = bytes.length >> 1;
        asked.write(bytes.subarray(0, middle));
        await this.#gate(half);
        asked.end(bytes.subarray(middle));
      })
      .catch(() => asked.destroy());
  }

  #watched(passing: Passing): Watch | undefined {
    return [...this.#watches].find(({ matches }) => matches(passing));
  }

  async #listens(): Promise<boolean> {
    try {
      const asked = request(new URL("/healthz", this.#target()));
      asked.end();
      const [answer] = (await once(asked, "response")) as [IncomingMessage];
      answer.resume();
      return true;
    } catch {
      return false; // refused: not there yet
    }
  }

  #gate(passing: Passing): Promise<void> | undefined {
    const watch = this.#watched(passing);
    if (watch === undefined) return undefined;
    this.#watches.delete(watch);
    return new Promise<void>((resolve, reject) => {
      const held = { passing, release: resolve, cut: () => reject(new CutError("cut")) };
      this.#held.add(held);
      watch.caught(held);
    });
  }
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
