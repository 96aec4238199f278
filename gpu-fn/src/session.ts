/** The thin adapter on onnxruntime-node: the only file that knows it. */
import * as ort from "onnxruntime-node";
import { WeightsError } from "./errors.ts";
import type { ComputeType, Graph } from "./graph/builder.ts";

/** A dense array in row-major order. */
export interface Tensor {
  readonly data: Float32Array | Int32Array | BigInt64Array;
  readonly shape: readonly number[];
}

export type Feeds = Readonly<Record<string, Tensor>>;

export interface SessionOptions {
  /** Threads of one evaluation; default: onnxruntime's (one a physical core). */
  readonly threads?: number;
  readonly provider?: "cpu" | "cuda";
  /**
   * Arithmetic of the two large models, the transformer and T5; default float32, and the only one that is fast on the
   * processor. The small ones are always float32.
   */
  readonly compute?: ComputeType;
  /**
   * Leave fp32 weights in the page cache instead of copying them into the layout that is fastest to multiply:
   * opens a large model in milliseconds and saves its size in memory, at 10 to 30 % per evaluation.
   */
  readonly mapWeights?: boolean;
}

/** A graph ready to run. `run` blocks the thread it is called in: open sessions in a worker. */
export interface Session {
  /** Runs the graph. `outputs` names the ones to return; default: all. */
  run(feeds: Feeds, outputs?: readonly string[]): Promise<Record<string, Float32Array>>;
  release(): Promise<void>;
}

const ELEMENT_NAMES = [
  [Float32Array, "float32"],
  [Int32Array, "int32"],
  [BigInt64Array, "int64"],
] as const;

function toOrt(tensor: Tensor): ort.Tensor {
  const name = ELEMENT_NAMES.find(([type]) => tensor.data instanceof type)?.[1] ?? "float32";
  return new ort.Tensor(name, tensor.data as Float32Array, tensor.shape);
}

/** Opens a session. Throws WeightsError where the runtime refuses the model. */
export async function openSession(graph: Graph, options: SessionOptions = {}): Promise<Session> {
  const settings: ort.InferenceSession.SessionOptions = {
    executionProviders: [options.provider ?? "cpu"],
    graphOptimizationLevel: "all",
    logSeverityLevel: 4,
    extra: {
      session: {
        model_external_initializers_file_folder_path: graph.weightsFolder,
        // Spinning halves the speed as soon as another process wants a core, and gains little when none does.
        intra_op: { allow_spinning: "0" },
        ...(options.mapWeights ? { disable_prepacking: "1" } : {}),
      },
    },
    ...(options.threads ? { intraOpNumThreads: options.threads } : {}),
  };
  let session: ort.InferenceSession;
  try {
    session = await ort.InferenceSession.create(graph.bytes, settings);
  } catch (cause) {
    const reason = String((cause as Error).message).split("\n")[0];
    throw new WeightsError(`the runtime refuses the ${graph.name} model: ${reason}`, { cause });
  }
  return {
    async run(feeds, outputs = graph.outputs) {
      const inputs: Record<string, ort.Tensor> = {};
      for (const [name, tensor] of Object.entries(feeds)) inputs[name] = toOrt(tensor);
      const results = await session.run(inputs, [...outputs]);
      const named: Record<string, Float32Array> = {};
      for (const name of outputs) {
        const data = results[name]?.data;
        if (data instanceof Float32Array) named[name] = data;
      }
      return named;
    },
    release: () => session.release(),
  };
}
