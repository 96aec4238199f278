/** `t5_encoder`: last hidden state and the table of relative buckets. */
import { openT5, relativeBucket } from "../src/model/t5.ts";
import type { ParityCase } from "./case.ts";

export async function checkT5(parity: ParityCase): Promise<void> {
  const { relative_attention_num_buckets: buckets, relative_attention_max_distance: distance } =
    parity.config;
  if (parity.io.has("buckets.in.rel")) {
    const distances = [...parity.input("buckets.in.rel")];
    parity.compare(
      "buckets.out.bucket",
      distances.map((value) => relativeBucket(value, buckets, distance)),
    );
  }
  const t5 = await openT5(parity.weights(), parity.config);
  for (const number of parity.numbers()) {
    const hidden = await t5.encode(parity.rows(`case${number}.in.input_ids`));
    parity.compare(`case${number}.out.last_hidden_state`, hidden);
  }
  await t5.release();
}
