/** Where a run's progress, table, summary, contact sheet and plot go. */
import { mkdir, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { markdown } from "../kit/markdown.ts";
import { openProgress, type Progress } from "../kit/progress.ts";
import { beside, writeSummary } from "../kit/results.ts";
import { contactSheet, type SheetRow } from "./sheet.ts";
import type { StudyReport } from "./study.ts";

export interface Sheet {
  readonly rows: readonly SheetRow[];
  readonly heads: readonly string[];
  /** Rows below each other before the next column begins. */
  readonly perColumn: number;
}

/** What lies beside a summary, under its name: the sheet as .jpg, or the plot as .svg. */
export interface Picture {
  readonly sheet?: Sheet | undefined;
  readonly svg?: string;
}

export interface Output extends Progress {
  print(text: string): void;
  /** A study's table, its figures and its sheet. */
  study(report: StudyReport, about: object): Promise<void>;
  /** Writes `--out` and its picture; nothing without `--out`. */
  save(summary: object, picture: Picture): Promise<void>;
}

/**
 * @param file `--out`
 * @param sheets folder of contact sheets; default: beside the summary
 * @param side pixels of a picture on the sheet
 * @param facts of the run, at the head of its summary
 */
export function openOutput(file: string | undefined, side: number, facts: object, sheets?: string): Output {
  const output: Output = {
    ...openProgress(),
    print: (text) => void process.stdout.write(`${text}\n`),
    async study({ title, columns, rows, notes, figures, sheet }, about) {
      output.stop();
      output.print(`${title}\n\n${markdown(columns, rows)}\n\n${notes.join("\n")}`);
      const whole = sheet && { ...sheet, perColumn: sheet.rows.length };
      await output.save({ ...about, figures }, { sheet: whole });
    },
    async save(summary, { sheet, svg }) {
      if (file === undefined) return;
      await writeSummary(file, { ...facts, ...summary });
      if (sheet !== undefined && sheet.rows.length > 0) {
        const path = beside(sheets === undefined ? file : join(sheets, basename(file)), ".jpg");
        await mkdir(dirname(path), { recursive: true });
        await writeFile(path, await contactSheet(sheet.rows, side, sheet.heads, sheet.perColumn));
      }
      if (svg !== undefined) await writeFile(beside(file, ".svg"), svg);
    },
  };
  return output;
}
