import type { DataPoint } from "./points.ts";

/** The destination of points: Analytics Engine accepts them without waiting. */
export interface Metrics {
  writeDataPoint(point: DataPoint): void;
}

/** Writes a point, or nothing if no dataset is bound. */
export function writePoint({ METRICS }: { readonly METRICS?: Metrics }, point: DataPoint): void {
  METRICS?.writeDataPoint(point);
}
