import { z } from "zod";
import type { Scope } from "../../shared/scopes.ts";

const createdSchema = z.object({ id: z.string() });
const keySchema = z.object({ key: z.string() });

/** Requests and edits a minute that a key may make. */
export interface KeyLimits {
  readonly requests: number;
  readonly edits: number;
}

/** The admin routes that a local installation needs. Every method throws if the worker refuses. */
export class Admin {
  readonly #url: string;
  readonly #adminKey: string;

  constructor(url: string, adminKey: string) {
    this.#url = url;
    this.#adminKey = adminKey;
  }

  /** Creates an account with credits; the same name gives the same account, with credits added once. @returns its id */
  async openAccount(name: string, credits: number): Promise<string> {
    const { id } = createdSchema.parse(await this.#post("/v1/accounts", { name }, `account ${name}`));
    await this.#post(`/v1/accounts/${id}/credits`, { amount: credits, reason: name }, `credits of ${name}`);
    return id;
  }

  /** Creates a key for an account; by default it has every scope except `admin`. @returns the secret key */
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
