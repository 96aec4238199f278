import { z } from "zod";
import type { Scope } from "../../shared/scopes.ts";

const createdSchema = z.object({ id: z.string() });
const keySchema = z.object({ key: z.string() });

/** Requests and edits a minute that a key may make. */
export interface KeyLimits {
  readonly requests: number;
  readonly edits: number;
}

/** The admin routes that a local installation needs. Every method throws where the worker refuses. */
export class Admin {
  readonly #url: string;
  readonly #adminKey: string;

  constructor(url: string, adminKey: string) {
    this.#url = url;
    this.#adminKey = adminKey;
  }

  /** An account with credits; its id. The same name is the same account, and gets its credits once. */
  async openAccount(name: string, credits: number): Promise<string> {
    const { id } = createdSchema.parse(await this.#post("/v1/accounts", { name }, `account ${name}`));
    await this.#post(`/v1/accounts/${id}/credits`, { amount: credits, reason: name }, `credits of ${name}`);
    return id;
  }

  /** A new key of an account, with every scope but `admin` where none are given; its text. */
  async openKey(
    account: string,
    name: string,
    limits?: KeyLimits,
    scopes: readonly Scope[] = ["edits", "images", "sign"],
  ): Promise<string> {
    return keySchema.parse(await this.#post("/v1/keys", { account, name, scopes, limits })).key;
  }

  async #post(path: string, body: unknown, idempotencyKey?: string): Promise<unknown> {
    const answer = await fetch(`${this.#url}${path}`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${this.#adminKey}`,
        "content-type": "application/json",
        ...(idempotencyKey === undefined ? {} : { "idempotency-key": idempotencyKey }),
      },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`POST ${path} answered ${answer.status}: ${await answer.text()}`);
    return answer.json();
  }
}
