import type { Edit } from "../../../shared/edit.ts";
import type { EditRow } from "../account/contract/edits.ts";
import type { Settings } from "../env.ts";
import { readUrl } from "../images/urls.ts";
import type { Permit } from "../tokens/permit.ts";

/**
 * An edit as clients see it: fresh signed URLs while its content is kept, `image` and `mask` null afterwards. Credits
 * are shown as used once they are captured. For the holder of a token, the URLs carry the token.
 */
export async function presentEdit(settings: Settings, row: EditRow, permit?: Permit): Promise<Edit> {
  const kept = Date.now() < row.expiresAt;
  const { mask, result, timings } = row;
  const [imageUrl, maskUrl] = await Promise.all([
    kept && result ? readUrl(settings, result.key, row.expiresAt) : null,
    kept && mask ? readUrl(settings, mask.key, row.expiresAt) : null,
  ]);
  const self = `${new URL(settings.PUBLIC_URL).origin}/v1/edits/${row.id}`;
  const query = permit === undefined ? "" : `?token=${permit.token}`;
  return {
    id: row.id,
    status: row.status,
    created_at: time(row.createdAt),
    started_at: row.startedAt === null ? null : time(row.startedAt),
    finished_at: row.finishedAt === null ? null : time(row.finishedAt),
    image:
      result === null || imageUrl === null
        ? null
        : { url: imageUrl, width: result.width, height: result.height, content_type: result.contentType },
    mask:
      mask === null || maskUrl === null
        ? null
        : { url: maskUrl, coverage: mask.coverage, source: mask.source, fusion: mask.fusion ?? null },
    regions: row.regions,
    read_as: row.reading?.read_as ?? null,
    warnings: row.reading?.warnings ?? [],
    preservation: row.preservation,
    timings,
    cache: row.cache,
    model: row.model,
    usage: { credits: row.captured },
    error: row.error,
    metadata: row.input.metadata,
    urls: { self: self + query, events: `${self}/events${query}`, cancel: `${self}/cancel${query}` },
  };
}

const time = (ms: number) => new Date(ms).toISOString();
