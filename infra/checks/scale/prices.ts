/**
 * What the platform asks, in US dollars for one, checked against stored copies of these pages on 2026-11-28; nothing of a
 * plan's included share is counted. Cloudflare: developers.cloudflare.com/workers/platform/pricing,
 * …/durable-objects/platform/pricing, …/queues/pricing, …/r2/pricing; Upstash: upstash.com/pricing/redis, pay as you go.
 */
export const PRICES = {
  request: 0.3e-6,
  cpuMs: 0.02e-6,
  objectRequest: 0.15e-6,
  objectGbSecond: 12.5e-6,
  rowRead: 0.001e-6,
  rowWritten: 1e-6,
  queueOperation: 0.4e-6,
  r2Write: 4.5e-6,
  r2Read: 0.36e-6,
  r2GbMonth: 0.015,
  objectGbMonth: 0.2,
  upstashCommand: 2e-6,
} as const;
