import sharp from "sharp";
import { z } from "zod";
import { createClient } from "../../../shared/client/src/index.ts";
import type { Answer, Ask, Http } from "./http.ts";

const idSchema = z.object({ id: z.string() });
const balanceSchema = z.object({ balance: z.number(), held: z.number() });

/** What a customer starts with. */
export interface Belongings {
  readonly name: string;
  readonly key: string;
  /** An `edit` token, for the requests of the customer's app. */
  readonly token: string;
  readonly images: readonly string[];
  /** Path of a signed render. */
  readonly render: string;
}

const MASKS = ["a woman wearing glasses", "a woman with bangs", "a woman with blond hair", "a smiling woman"];

/** One account's requests, each of a route; all but edits, which `EditClient` follows to their end. */
export class Customer {
  readonly name: string;
  readonly api: ReturnType<typeof createClient>;
  readonly #http: Http;
  readonly #own: Belongings;
  readonly #url: string;
  /** Edits that can be read, newest last. */
  readonly #known: string[] = [];

  constructor(url: string, http: Http, own: Belongings) {
    this.name = own.name;
    this.api = createClient({ url, key: own.key, retries: 0 });
    this.#http = http;
    this.#own = own;
    this.#url = url;
  }

  /** Requests by key, or by the app's token, which must then be one that takes it. */
  ask(ask: Omit<Ask, "customer">, by: "key" | "token" = "key"): Promise<Answer> {
    const { key, token } = this.#own;
    const url = new URL(ask.path, this.#url);
    if (by === "token") url.searchParams.set("token", token);
    const headers = { ...ask.headers, ...(by === "key" && { authorization: `Bearer ${key}` }) };
    return this.#http.ask({ ...ask, path: url.pathname + url.search, customer: this.name, headers });
  }

  post(route: string, path: string, body: object, idempotencyKey: string, by: "key" | "token" = "key") {
    const headers = { "content-type": "application/json", "idempotency-key": idempotencyKey };
    return this.ask({ route, method: "POST", path, headers, body: JSON.stringify(body) }, by);
  }

  /** One of the customer's photos. */
  photo(): string {
    return picked(this.#own.images);
  }

  /** Edits that reads may ask for, for as long as they are kept. */
  know(id: string): void {
    this.#known.push(id);
    if (this.#known.length > 20) this.#known.shift();
  }

  forget(id: string): void {
    const index = this.#known.indexOf(id);
    if (index >= 0) this.#known.splice(index, 1);
  }

  async read(): Promise<void> {
    const id = this.#known.at(-1);
    if (id === undefined) await this.list();
    else await this.ask({ route: "GET /v1/edits/{id}", path: `/v1/edits/${id}` });
  }

  async list(): Promise<void> {
    await this.ask({ route: "GET /v1/edits", path: "/v1/edits?limit=20" });
  }

  /** Some of the masks are in the cache, others must be located. */
  async mask(): Promise<void> {
    const body = { image: this.photo(), prompt: picked(MASKS) };
    await this.post("POST /v1/masks", "/v1/masks", body, crypto.randomUUID());
  }

  async render(): Promise<void> {
    await this.ask({ route: "GET /v1/render/{token}", path: this.#own.render });
  }

  /** Signs a token, as a server does for each visitor of its app. */
  async sign(): Promise<void> {
    await this.post("POST /v1/sign", "/v1/sign", { action: "edit", expires_in: 600 }, crypto.randomUUID());
  }

  /** A photo that comes and goes, and the masks that were located on it with it. */
  async photoOfADay(): Promise<void> {
    // each is another one: masks go with every photo of the same bytes
    const noise = { type: "gaussian", mean: 128, sigma: 40 } as const;
    const picture = sharp({ create: { width: 128, height: 128, channels: 3, background: "black", noise } });
    const png = new Uint8Array(await picture.png().toBuffer());
    const headers = { "content-type": "image/png", "idempotency-key": crypto.randomUUID() };
    const upload = await this.ask({
      route: "POST /v1/images",
      method: "POST",
      path: "/v1/images",
      headers,
      body: png,
    });
    if (upload.status !== 201) return;
    const { id } = idSchema.parse(upload.json);
    const body = { image: id, prompt: picked(MASKS) };
    await this.post("POST /v1/masks", "/v1/masks", body, crypto.randomUUID());
    await this.ask({ route: "DELETE /v1/images/{id}", method: "DELETE", path: `/v1/images/${id}` });
  }

  /** Balance and holds; null if there is no good answer. */
  async account(): Promise<z.output<typeof balanceSchema> | null> {
    const { status, json } = await this.ask({ route: "GET /v1/account", path: "/v1/account" });
    return status === 200 ? balanceSchema.parse(json) : null;
  }
}

function picked<T>(things: readonly T[]): T {
  const thing = things[Math.floor(Math.random() * things.length)];
  if (thing === undefined) throw new Error("there is nothing to choose from");
  return thing;
}
