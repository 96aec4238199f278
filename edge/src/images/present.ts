import type { Image } from "../../../shared/answers.ts";
import type { Id } from "../../../shared/ids.ts";
import type { ImageRow } from "../account/contract/images.ts";

/** An image as clients see it. */
export const describeImage = (row: ImageRow): Image => ({
  id: row.id as Id<"img">,
  width: row.width,
  height: row.height,
  bytes: row.bytes,
  content_type: row.contentType as Image["content_type"],
  expires_at: new Date(row.expiresAt).toISOString(),
});
