import { newWebhookSecret } from "../../webhooks/secret.ts";

/**
 * After a rotation the previous secret also signs for a while, so that receivers can switch without losing an event.
 */
const OVERLAP_MS = 24 * 3_600_000;

/** The signing secrets of an account's webhooks, `whsec_…`. Calls must be inside a transaction. */
export class WebhookSecretTable {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** The current secret; the first call creates it. */
  current(now: number): string {
    const [row] = this.#sql
      .exec<{ secret: string }>("SELECT secret FROM webhook_secrets WHERE valid_until IS NULL")
      .toArray();
    return row?.secret ?? this.#make(now);
  }

  /** All secrets that sign now, the current one first. */
  valid(now: number): readonly [string, ...string[]] {
    const rows = this.#sql
      .exec<{ secret: string }>("SELECT secret FROM webhook_secrets WHERE valid_until > ?", now)
      .toArray();
    return [this.current(now), ...rows.map(({ secret }) => secret)];
  }

  /** A new secret; the previous one keeps signing for a day, older ones stop. */
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
