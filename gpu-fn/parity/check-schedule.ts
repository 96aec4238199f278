/** `schedules`: mu and timesteps; the numbers are in the configuration. */
import { timestepShift, timesteps } from "../src/method/schedule.ts";
import type { ParityCase } from "./case.ts";

interface Item {
  readonly image_seq_len: number;
  readonly num_steps: number;
  readonly shift: boolean;
  readonly mu: number;
  readonly timesteps: readonly number[];
}

export async function checkSchedules(parity: ParityCase): Promise<void> {
  for (const [index, item] of (parity.config.items as Item[]).entries()) {
    parity.measure(`items[${index}].mu`, [timestepShift(item.image_seq_len)], [item.mu]);
    const values = timesteps(item.num_steps, item.image_seq_len, item.shift ? "flux" : "even");
    parity.measure(`items[${index}].timesteps`, values, item.timesteps);
  }
}
