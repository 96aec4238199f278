import type { DataPoint } from "./points.ts";

/** Where points go: Analytics Engine takes them without waiting. */
export interface Metrics {
  writeDataPoint(point: DataPoint): void;
}

/** Writes a point; nothing where no dataset is bound. */
export function writePoint({ METRICS }: { readonly METRICS?: Metrics }, point: DataPoint): void {
  METRICS?.writeDataPoint(point);
}
