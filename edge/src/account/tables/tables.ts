import { OutboxTable } from "../outbox/outbox-table.ts";
import { StripeCustomerTable } from "../outbox/stripe-customer-table.ts";
import { WebhookSecretTable } from "../outbox/webhook-secret-table.ts";
import { AccountTable } from "./account.ts";
import { DueTable } from "./due.ts";
import { EditTable } from "./edit.ts";
import { IdempotencyTable } from "./idempotency.ts";
import { ImageTable } from "./image.ts";
import { KeyTable } from "./key.ts";
import { LedgerTable } from "./ledger.ts";
import { MaskTable } from "./mask.ts";
import { PaymentTable } from "./payments.ts";
import { TokenUseTable } from "./token-use.ts";
import { UsageTable } from "./usage.ts";
import { WaitingTable } from "./waiting.ts";

/** The tables of one account's object. */
export interface Tables {
  readonly account: AccountTable;
  readonly keys: KeyTable;
  readonly ledger: LedgerTable;
  readonly payments: PaymentTable;
  readonly idempotency: IdempotencyTable;
  readonly images: ImageTable;
  readonly masks: MaskTable;
  readonly edits: EditTable;
  readonly waiting: WaitingTable;
  readonly usage: UsageTable;
  readonly tokenUses: TokenUseTable;
  readonly due: DueTable;
  readonly outbox: OutboxTable;
  readonly webhookSecrets: WebhookSecretTable;
  readonly stripeCustomer: StripeCustomerTable;
  /** After a transaction that was rolled back: what is kept in memory of the tables is read again. */
  forget(): void;
}

export function openTables(sql: SqlStorage): Tables {
  const waiting = new WaitingTable(sql);
  const account = new AccountTable(sql);
  const [keys, images, due] = [new KeyTable(sql), new ImageTable(sql), new DueTable(sql)];
  const masks = new MaskTable(sql);
  const edits = new EditTable(sql, waiting);
  const [ledger, outbox] = [new LedgerTable(sql), new OutboxTable(sql)];
  return {
    account,
    keys,
    ledger,
    payments: new PaymentTable(sql),
    idempotency: new IdempotencyTable(sql),
    images,
    masks,
    edits,
    waiting,
    usage: new UsageTable(sql),
    tokenUses: new TokenUseTable(sql),
    due,
    outbox,
    webhookSecrets: new WebhookSecretTable(sql),
    stripeCustomer: new StripeCustomerTable(sql),
    forget: () => {
      for (const table of [account, keys, images, masks, edits, due, ledger, outbox]) table.forget();
    },
  };
}
