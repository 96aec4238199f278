import type { Story } from "../story.ts";
import { CLIENT_STORIES } from "./clients.ts";
import { CLOCK_STORIES } from "./clock.ts";
import { DISK_STORIES } from "./disk.ts";
import { NETWORK_STORIES } from "./network.ts";
import { PART_STORIES } from "./parts.ts";
import { QUEUE_STORIES } from "./queue.ts";
import { UPSTASH_STORIES } from "./upstash.ts";

/** Every story; names are unique. */
export const STORIES: readonly Story[] = [
  ...PART_STORIES,
  ...NETWORK_STORIES,
  ...QUEUE_STORIES,
  ...UPSTASH_STORIES,
  ...DISK_STORIES,
  ...CLOCK_STORIES,
  ...CLIENT_STORIES,
];
