import type { Model } from "../../../src/model/model.ts";
import type { Editor } from "../editor.ts";
import { flowEditEditor } from "./flow-edit.ts";
import { masaCtrlEditor } from "./masactrl.ts";
import { rfEditEditor } from "./rf-edit.ts";
import { rfInversionEditor } from "./rf-inversion.ts";
import { type BaselineSettings, SETTINGS } from "./settings.ts";

/** Other training-free editors, each on this engine with the same model: what the method is compared with. */
export function baselines(model: Model, settings: Partial<BaselineSettings> = {}): readonly Editor[] {
  const all = { ...SETTINGS, ...settings };
  return [rfInversionEditor, rfEditEditor, flowEditEditor, masaCtrlEditor].map((open) => open(model, all));
}
