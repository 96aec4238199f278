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
import type { Reporting } from "./entries.ts";
import type { OutboxRow } from "./outbox-table.ts";

interface SendContext {
  readonly settings: Settings;
  readonly tables: Tables;
  /** An edit whose content is there. */
  edit(id: Id<"edit">): Promise<EditRow | null>;
}

const NO_KEY = { outcome: "stopped", reason: "the key for it is no longer set" } as const;

/** Whom a deployment tells of captures, by the keys that are set. */
export function reportingOf({ MODEL, STRIPE_SECRET_KEY, BFL_API_KEY }: Settings): Reporting {
  const { usageReport }: ModelCard = MODELS[MODEL];
  return {
    meter: STRIPE_SECRET_KEY !== undefined,
    usage: BFL_API_KEY === undefined ? null : (usageReport ?? null),
  };
}

/** One try to deliver what leaves on one lane. */
export function sendEntries(context: SendContext, [first, ...rest]: Rows): Promise<DeliveryOutcome> {
  if (first.kind === "webhook") return webhook(context, first, first.detail.url);
  if (first.kind === "meter") return meterEvent(context, first, first.detail.credits);
  return usageReport(context, first.detail.model, 1 + rest.length);
}

async function webhook(context: SendContext, { id, edit }: OutboxRow, url: string): Promise<DeliveryOutcome> {
  const { settings } = context;
  const row = await context.edit(edit);
  const event = row === null ? null : webhookEventOf(await presentEdit(settings, row));
  if (event === null) return { outcome: "stopped", reason: "the edit was erased" };
  const secrets = context.tables.webhookSecrets.valid(Date.now());
  return deliverWebhook({ id, url, event, secrets }, { allowPrivate: settings.ALLOW_PRIVATE_WEBHOOKS });
}

async function meterEvent(
  { settings, tables: { account, stripeCustomer } }: SendContext,
  { edit, createdAt, tries }: OutboxRow,
  credits: number,
): Promise<DeliveryOutcome> {
  const stripe = openStripe(settings);
  if (stripe === null) return NO_KEY;
  try {
    const customer = stripeCustomer.find() ?? (await createCustomer(stripe, account.get()));
    stripeCustomer.keep(customer);
    const eventName = settings.STRIPE_METER_EVENT;
    return await sendMeterEvent(stripe, { eventName, customer, edit, credits, at: createdAt }, tries);
  } catch (error) {
    return stripeFailure(error);
  }
}

async function usageReport({ settings }: SendContext, model: string, generations: number) {
  const { BFL_API_KEY: key, BFL_API_URL: url } = settings;
  return key === undefined ? NO_KEY : reportUsage({ model, generations }, { url, key });
}
