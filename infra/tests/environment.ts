/** What every suite runs with. Wrangler's runtime asks the network for its version and for request metadata otherwise. */
export const ENVIRONMENT = {
  ...process.env,
  WRANGLER_SEND_METRICS: "false",
  CLOUDFLARE_CF_FETCH_ENABLED: "false",
  CI: "1",
  NO_COLOR: "1",
};
