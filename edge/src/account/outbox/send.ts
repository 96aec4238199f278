import type { Id } from "../../../../shared/ids.ts";
import { MODELS, type ModelCard } from "../../../../shared/models.ts";
import { webhookEventOf } from "../../../../shared/webhook.ts";
import { createCustomer, sendMeterEvent, stripeFailure } from "../../billing/meter.ts";
import { openStripe } from "../../billing/stripe.ts";
import { reportUsage } from "../../billing/usage-report.ts";
import type { DeliveryOutcome } from "../../delivery.ts";
import { presentEdit } from "../../edits/present.ts";
import type { Settings } from "../../env.ts";
import { deliverWebhook } from "../../webhooks/deliver.ts";
import type { EditRow } from "../contract/edits.ts";
import type { Tables } from "../tables/tables.ts";
import type { Rows } from "./deliveries.ts";
import type { Capture, Reporting } from "./entries.ts";
import type { OutboxRow } from "./outbox-table.ts";

interface SendContext {
  readonly settings: Settings;
  readonly tables: Tables;
  /** An edit whose content still exists. */
  edit(id: Id<"edit">): Promise<EditRow | null>;
}

const NO_KEY = { outcome: "stopped", reason: "the key for it is no longer set" } as const;

/** Where a deployment reports captures, depending on which keys are set. */
export function reportingOf({ MODEL, STRIPE_SECRET_KEY, BFL_API_KEY }: Settings): Reporting {
  const { usageReport }: ModelCard = MODELS[MODEL];
  return {
    meter: STRIPE_SECRET_KEY !== undefined,
    usage: BFL_API_KEY === undefined ? null : (usageReport ?? null),
  };
}

/**
 * Makes one try to deliver the entries of one lane: webhooks at once, meter events a few at a time, usage as one
 * report.
 */
export async function sendEntries(context: SendContext, rows: Rows): Promise<DeliveryOutcome[]> {
  const [first] = rows;
  if (first.kind === "usage") {
    const outcome = await usageReport(context, first.detail.model, rows.length);
    return rows.map(() => outcome);
  }
  if (first.kind === "webhook")
    return Promise.all(
      rows.map((row) => webhook(context, row, row.kind === "webhook" ? row.detail.url : "")),
    );
  return Promise.all(rows.map((row) => meterEvents(context, row)));
}

async function webhook(context: SendContext, { id, edit }: OutboxRow, url: string): Promise<DeliveryOutcome> {
  const { settings } = context;
  const row = await context.edit(edit);
  const event = row === null ? null : webhookEventOf(await presentEdit(settings, row));
  if (event === null) return { outcome: "stopped", reason: "the edit was erased" };
  const secrets = context.tables.webhookSecrets.valid(Date.now());
  return deliverWebhook({ id, url, event, secrets }, { allowPrivate: settings.ALLOW_PRIVATE_WEBHOOKS });
}

/** Maximum number of concurrent calls to Stripe. */
const METERED_AT_A_TIME = 5;

/**
 * Sends all captures of an entry. A capture that Stripe already has is no failure, so the whole entry may be retried.
 */
async function meterEvents(
  { settings, tables: { account, ledger, stripeCustomer } }: SendContext,
  { detail, tries }: OutboxRow,
): Promise<DeliveryOutcome> {
  const stripe = openStripe(settings);
  if (stripe === null) return NO_KEY;
  const captures = capturesOf(detail, ledger);
  try {
    const customer = stripeCustomer.find() ?? (await createCustomer(stripe, account.get()));
    stripeCustomer.keep(customer);
    const eventName = settings.STRIPE_METER_EVENT;
    for (let start = 0; start < captures.length; start += METERED_AT_A_TIME) {
      const outcomes = await Promise.all(
        captures
          .slice(start, start + METERED_AT_A_TIME)
          .map((capture) => sendMeterEvent(stripe, { eventName, customer, ...capture }, tries)),
      );
      const failed = outcomes.find(({ outcome }) => outcome !== "delivered");
      if (failed !== undefined) return failed;
    }
    return { outcome: "delivered" };
  } catch (error) {
    return stripeFailure(error);
  }
}

/** Entries of an earlier version have their captures with them. */
function capturesOf(detail: OutboxRow["detail"], ledger: Tables["ledger"]): readonly Capture[] {
  if ("captures" in detail) return detail.captures;
  return "from" in detail ? ledger.captures(detail) : [];
}

async function usageReport({ settings }: SendContext, model: string, generations: number) {
  const { BFL_API_KEY: key, BFL_API_URL: url } = settings;
  return key === undefined ? NO_KEY : reportUsage({ model, generations }, { url, key });
}
