import type { EditEvent } from "../../../shared/event.ts";
import type { EditNews } from "../account/reading-contract.ts";
import { presentEdit } from "../edits/present.ts";
import type { Settings } from "../env.ts";
import type { Permit } from "../tokens/permit.ts";

/** An event as it leaves, with its number. */
export type NumberedEvent = EditEvent & { readonly id: number };

/** What an account noted of an edit, as clients hear of it. */
export async function eventsOf(
  settings: Settings,
  { edit, happenings }: EditNews,
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
    } else if (kind === "final" && edit.status !== "queued" && edit.status !== "running")
      events.push({ id, event: edit.status, data: await presentEdit(settings, edit, permit) });
  }
  return events;
}
