import type { ProvenanceChoice } from "../../../../shared/gpu.ts";
import type { Id } from "../../../../shared/ids.ts";

type Identity = { readonly id: Id<"acct">; readonly name: string };

/** The identity of an object's account: one row, or none before it was opened. */
export class AccountTable {
  readonly #sql: SqlStorage;
  /** Read once: nothing changes it but the rollback of what opened it. */
  #identity: Identity | null = null;
  /** Read once; a new choice replaces it. */
  #provenance: ProvenanceChoice | null = null;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** Writes the row; an existing row stays as it is and is returned. */
  open(id: Id<"acct">, name: string, now: number): { readonly name: string; readonly createdAt: number } {
    this.#sql.exec(
      `INSERT INTO account (id, name, created_at) SELECT ?, ?, ? WHERE NOT EXISTS (SELECT 1 FROM account)`,
      id,
      name,
      now,
    );
    return this.#sql
      .exec<{ name: string; createdAt: number }>("SELECT name, created_at AS createdAt FROM account")
      .one();
  }

  find(): Identity | null {
    this.#identity ??= this.#sql.exec<Identity>("SELECT id, name FROM account").toArray()[0] ?? null;
    return this.#identity;
  }

  /** What its results disclose about their origin. @throws Error before it was opened */
  provenance(): ProvenanceChoice {
    this.#provenance ??= this.#readProvenance();
    return this.#provenance;
  }

  /** False before it was opened. */
  setProvenance({ c2pa, watermark }: ProvenanceChoice): boolean {
    const { rowsWritten } = this.#sql.exec(
      "UPDATE account SET c2pa = ?, watermark = ?",
      Number(c2pa),
      Number(watermark),
    );
    this.#provenance = null;
    return rowsWritten > 0;
  }

  /** The account of an object that already works for one. @throws Error before it was opened */
  get(): Identity {
    const account = this.find();
    if (account === null) throw new Error("the account was never opened");
    return account;
  }

  /** Recent writes may have been rolled back. */
  forget(): void {
    this.#identity = null;
    this.#provenance = null;
  }

  #readProvenance(): ProvenanceChoice {
    const { c2pa, watermark } = this.#sql
      .exec<{ c2pa: number; watermark: number }>("SELECT c2pa, watermark FROM account")
      .one();
    return { c2pa: c2pa === 1, watermark: watermark === 1 };
  }
}
