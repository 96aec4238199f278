import type { EditEvent } from "../../../shared/event.ts";
import type { EditNews } from "../account/contract/reading.ts";
import { presentEdit } from "../edits/present.ts";
import type { Settings } from "../env.ts";
import { readUrl } from "../images/urls.ts";
import type { Permit } from "../tokens/permit.ts";

/** An event as sent, with its number; null for a preview, which is sent with progress. */
export type NumberedEvent = EditEvent & { readonly id: number | null };

/** Converts an account's events of an edit for one client: a preview is sent once. */
export function listener(settings: Settings, permit?: Permit): (news: EditNews) => Promise<NumberedEvent[]> {
  let shown: string | null = null;
  return async (news) => {
    const preview = news.edit.progress?.preview ?? null;
    const fresh = preview !== null && preview !== shown;
    shown = preview;
    return eventsOf(settings, news, fresh ? preview : null, permit);
  };
}

async function eventsOf(
  settings: Settings,
  { edit, happenings }: EditNews,
  preview: string | null,
  permit?: Permit,
): Promise<NumberedEvent[]> {
  const events: NumberedEvent[] = [];
  for (const happening of happenings) {
    const { id, kind } = happening;
    if (kind === "queued") events.push({ id, event: kind, data: { position: happening.position } });
    else if (kind === "started" && edit.startedAt !== null)
      events.push({ id, event: kind, data: { started_at: new Date(edit.startedAt).toISOString() } });
    else if (kind === "progress" && edit.progress !== null) {
      const { phase, step, steps, etaMs } = edit.progress;
      events.push({ id, event: kind, data: { phase, step, steps, eta_ms: etaMs } });
      if (preview !== null) {
        const url = await readUrl(settings, preview, edit.expiresAt);
        events.push({ id: null, event: "preview", data: { url } });
      }
    } else if (kind === "final" && edit.status !== "queued" && edit.status !== "running")
      events.push({ id, event: edit.status, data: await presentEdit(settings, edit, permit) });
  }
  return events;
}
