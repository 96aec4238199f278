/** Where a run's progress, table, JSON, contact sheet and plot go. */
import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { SingleBar } from "cli-progress";
import { contactSheet, type SheetRow } from "./sheet.ts";
import type { StudyReport } from "./study.ts";

export interface Sheet {
  readonly rows: readonly SheetRow[];
  readonly heads: readonly string[];
  /** Rows below each other before the next column begins. */
  readonly perColumn: number;
}

export interface Output {
  expect(units: number): void;
  tick(label: string): void;
  /** Takes the bar away, so that a table or an error stands alone. */
  stop(): void;
  print(text: string): void;
  /** A study's table, its figures and its sheet. */
  study(report: StudyReport, about: object): Promise<void>;
  /** `--out` with the report, beside it the sheet as .jpg and the plot as .svg; nothing without `--out`. */
  save(report: object, sheet?: Sheet, svg?: string): Promise<void>;
}

/**
 * @param file `--out`
 * @param side pixels of a picture on the sheet
 * @param facts of the run, at the head of its JSON
 */
export function openOutput(file: string | undefined, side: number, facts: object): Output {
  const bar = new SingleBar({ format: "{bar} {value}/{total} · {eta_formatted} left · {label}" });
  const beside = (ending: string) => (file ?? "").replace(/\.json$/, "").concat(ending);
  const output: Output = {
    expect(units) {
      if (process.stderr.isTTY) bar.start(units, 0, { label: "" });
    },
    tick: (label) => bar.increment(1, { label }),
    stop: () => bar.stop(),
    print: (text) => void process.stdout.write(`${text}\n`),
    async study({ title, columns, rows, notes, figures, sheet }, about) {
      bar.stop();
      const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
      const ruler = columns.map((_, i) => (i === 0 ? "---" : "---:"));
      output.print(`${title}\n\n${[columns, ruler, ...rows].map(line).join("\n")}\n\n${notes.join("\n")}`);
      await output.save({ ...about, figures }, sheet && { ...sheet, perColumn: sheet.rows.length });
    },
    async save(report, sheet, svg) {
      if (file === undefined) return;
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, `${JSON.stringify({ ...facts, ...report }, null, 2)}\n`);
      if (sheet !== undefined && sheet.rows.length > 0)
        await writeFile(beside(".jpg"), await contactSheet(sheet.rows, side, sheet.heads, sheet.perColumn));
      if (svg !== undefined) await writeFile(beside(".svg"), svg);
    },
  };
  return output;
}
