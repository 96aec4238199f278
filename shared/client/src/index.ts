export type { Client, EditHooks, Once, StreamedEvent, Waiting } from "./client.ts";
export { createClient } from "./client.ts";
export { ApiError, ConnectionError, EditError, WebhookError } from "./errors.ts";
export type { FollowedEvent, Following } from "./events.ts";
export type { RequestSettings } from "./request.ts";
export { API_VERSION } from "./request.ts";
export type * from "./types.ts";
export type { WebhookHeaders, WebhookOptions } from "./webhook.ts";
export { verifyWebhook } from "./webhook.ts";
