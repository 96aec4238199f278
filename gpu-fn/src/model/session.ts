/** A thin adapter for onnxruntime-node, and the only file that imports it. */
import * as ort from "onnxruntime-node";
import { checkCudaLibraries } from "../device/provider.ts";
import { WeightsError } from "../errors.ts";
import type { ComputeType, Graph } from "../graph/builder.ts";
import type { FeatureArray, Feeds, Tensor } from "../tensor/tensor.ts";

export interface SessionOptions {
  /** Threads of one evaluation; default: onnxruntime's (one per physical core). */
  readonly threads?: number;
  readonly provider?: "cpu" | "cuda";
  /**
   * Arithmetic of the two large models, the transformer and T5. Default float32, the only one that is fast on the
   * processor. The small models always use float32.
   */
  readonly compute?: ComputeType;
  /** Multiplies eight-bit integers in the transformer's blocks, for float32 on the processor. Default false. */
  readonly int8Arithmetic?: boolean;
  /** Opens the session only while it runs, in turn with others. Default: open at once, until it is released. */
  readonly turns?: { session(open: () => Promise<Session>): Session };
  /**
   * Plans one block of memory for runs of known sizes, in addition to what the arena already has: on a GPU, FLUX's second
   * run took a fifth more. Default: only on the processor.
   */
  readonly memoryPattern?: boolean;
  /** Only checks the graph: types and shapes are inferred, nothing is optimised, and no weights are read. */
  readonly checkOnly?: boolean;
}

/** A graph ready to run. `run` blocks the calling thread, so open sessions in a worker. */
export interface Session {
  /** Runs the graph, whose outputs are float32. `outputs` names the ones to return; default: all. */
  run(feeds: Feeds, outputs?: readonly string[]): Promise<Record<string, Float32Array>>;
  /** The same for a graph that has float16 outputs too. */
  runKept(feeds: Feeds, outputs?: readonly string[]): Promise<Record<string, FeatureArray>>;
  release(): Promise<void>;
}

/** About as long as a node of an evaluation takes. */
const SPIN_MICROSECONDS = "20";

const ELEMENT_NAMES = [
  [Float32Array, "float32"],
  [Uint16Array, "float16"],
  [Int32Array, "int32"],
  [BigInt64Array, "int64"],
] as const;

function toOrt(tensor: Tensor): ort.Tensor {
  const name = ELEMENT_NAMES.find(([type]) => tensor.data instanceof type)?.[1] ?? "float32";
  return new ort.Tensor(name, tensor.data as Float32Array, tensor.shape);
}

function halvesOf({ buffer, byteOffset, length }: Uint16Array): Uint16Array {
  return new Uint16Array(buffer, byteOffset, length);
}

/**
 * Opens a session. Throws WeightsError if the runtime refuses the model or lacks the provider; a session that takes turns
 * throws it when it runs.
 */
export async function openSession(graph: Graph, options: SessionOptions = {}): Promise<Session> {
  const { turns, ...own } = options;
  if (turns !== undefined) return turns.session(() => openSession(graph, own));
  if (options.provider === "cuda") checkCudaLibraries();
  const settings: ort.InferenceSession.SessionOptions = {
    executionProviders: [options.provider ?? "cpu"],
    graphOptimizationLevel: options.checkOnly ? "disabled" : "all",
    logSeverityLevel: 4,
    enableMemPattern: options.memoryPattern ?? options.provider !== "cuda",
    extra: {
      session: {
        model_external_initializers_file_folder_path: graph.weightsFolder,
        // A thread that waits for its share of a node spins, but not for long. On an idle machine that avoids sleeping
        // between the hundreds of nodes of an evaluation (a fifth of its time). Unlimited spinning would halve the speed
        // as soon as another process wants a core.
        intra_op: { allow_spinning: "1", spin_duration_us: SPIN_MICROSECONDS },
        ...(options.checkOnly ? { disable_prepacking: "1" } : {}),
        // Keeps weights outside the arena, which grows by doubling: 24 GB of weights would take 32.
        ...(options.provider === "cuda" ? { use_device_allocator_for_initializers: "1" } : {}),
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
  const runKept = async (feeds: Feeds, outputs: readonly string[] = graph.outputs) => {
    const inputs: Record<string, ort.Tensor> = {};
    for (const [name, tensor] of Object.entries(feeds)) inputs[name] = toOrt(tensor);
    const results = await session.run(inputs, [...outputs]);
    const named: Record<string, FeatureArray> = {};
    for (const name of outputs) {
      const data = results[name]?.data;
      if (data instanceof Float32Array) named[name] = data;
      // newer versions of Node have a class for float16, with the same bits
      else if (results[name]?.type === "float16") named[name] = halvesOf(data as Uint16Array);
    }
    return named;
  };
  return {
    runKept,
    async run(feeds, outputs) {
      const results = await runKept(feeds, outputs);
      const floats = Object.entries(results).filter(([, data]) => data instanceof Float32Array);
      return Object.fromEntries(floats) as Record<string, Float32Array>;
    },
    release: () => session.release(),
  };
}
