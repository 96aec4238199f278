import { type DeliveryOutcome, retryAfter, sendTry } from "../delivery.ts";

export interface UsageReport {
  /** The model's name at Black Forest Labs: `flux-1-dev`. */
  readonly model: string;
  /** Images generated since the last report, at least 1. */
  readonly generations: number;
}

/**
 * Makes one try to report generated images to Black Forest Labs, as its licence for FLUX.1-dev requires: many in one
 * call (https://docs.bfl.ai/api-reference/models/report-model-usage). The API has no idempotency: if an answer is lost,
 * the images are reported again rather than never.
 */
export async function reportUsage(
  report: UsageReport,
  { url, key }: { url: string; key: string },
  send: typeof fetch = fetch,
): Promise<DeliveryOutcome> {
  const request = new Request(new URL(`/v1/licenses/models/${report.model}/usage`, url), {
    method: "POST",
    redirect: "manual",
    headers: { "content-type": "application/json", "x-key": key },
    body: JSON.stringify({ number_of_generations: report.generations }),
  });
  const response = await sendTry(request, send);
  if (typeof response === "string") return { outcome: "retry", reason: response };
  return response.ok ? { outcome: "delivered" } : retryAfter(response, Date.now());
}
