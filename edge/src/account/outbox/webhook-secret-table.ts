import { newWebhookSecret } from "../../webhooks/secret.ts";

/** After a rotation the secret before signs too, so that receivers can change theirs without losing an event. */
const OVERLAP_MS = 24 * 3_600_000;

/** The secrets by which an account's webhooks are signed, `whsec_…`. Calls belong inside a transaction. */
export class WebhookSecretTable {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** The current secret; the first call makes it. */
  current(now: number): string {
    const [row] = this.#sql
      .exec<{ secret: string }>("SELECT secret FROM webhook_secrets WHERE valid_until IS NULL")
      .toArray();
    return row?.secret ?? this.#make(now);
  }

  /** All that sign at a time, the current one first. */
  valid(now: number): readonly [string, ...string[]] {
    const rows = this.#sql
      .exec<{ secret: string }>("SELECT secret FROM webhook_secrets WHERE valid_until > ?", now)
      .toArray();
    return [this.current(now), ...rows.map(({ secret }) => secret)];
  }

  /** A new secret; the one before signs along for a day, those before it no more. */
  rotate(now: number): string {
    const before = this.current(now);
    this.#sql.exec("DELETE FROM webhook_secrets WHERE secret <> ?", before);
    this.#sql.exec("UPDATE webhook_secrets SET valid_until = ?", now + OVERLAP_MS);
    return this.#make(now);
  }

  #make(now: number): string {
    const secret = newWebhookSecret();
    this.#sql.exec("INSERT INTO webhook_secrets (secret, created_at) VALUES (?, ?)", secret, now);
    return secret;
  }
}
