import { InferenceSession, Tensor } from "onnxruntime-node";
import { WeightsError } from "../errors.ts";

export interface Input {
  readonly data: Float32Array;
  readonly shape: readonly number[];
}

/** Runs a network with one input and returns its outputs in order. Blocks the calling thread. */
export type LoadedOnnx = (input: Input) => Promise<readonly Float32Array[]>;

/** The run waits meanwhile, so its cores are free; idle threads do not keep them busy. */
const THREADS = 2;
const RESTING = { session: { intra_op: { allow_spinning: "0" } } };

/** Errors only: the warning that an output's shape differs from the file's is expected. */
const SEVERITY = 3;

/** @param file a path or a file's bytes. @throws WeightsError if it is not a network with one input */
export async function openOnnx(file: string | Uint8Array): Promise<LoadedOnnx> {
  const options = { intraOpNumThreads: THREADS, logSeverityLevel: SEVERITY, extra: RESTING } as const;
  const session = await (typeof file === "string"
    ? InferenceSession.create(file, options)
    : InferenceSession.create(file, options)
  ).catch((cause: unknown) => {
    throw new WeightsError("a network cannot be opened", { cause });
  });
  const [name = ""] = session.inputNames;
  return async ({ data, shape }) => {
    const outputs = await session.run({ [name]: new Tensor("float32", data, shape) });
    return session.outputNames.map((output) => outputs[output]?.data as Float32Array);
  };
}
