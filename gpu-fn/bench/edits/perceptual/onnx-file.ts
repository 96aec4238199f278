/** ONNX files that a user supplies: opened with one clear line if they are missing or do not fit. */
import { basename } from "node:path";
import * as ort from "onnxruntime-node";
import { WeightsError } from "../../../src/errors.ts";

/** An input or output as the file declares it; a dimension of any size is a string there. */
export interface Port {
  readonly name: string;
  readonly type: string;
  readonly shape: readonly (number | string)[];
}

export interface OnnxFile {
  /** The file's name, for errors. */
  readonly name: string;
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
  run(feeds: Readonly<Record<string, ort.Tensor>>, output: string): Promise<Float32Array>;
  release(): Promise<void>;
}

export interface OnnxOptions {
  /** Threads of one evaluation; default: one a physical core. */
  readonly threads?: number;
}

/** @throws WeightsError if the runtime cannot open the file */
export async function openOnnx(path: string, { threads }: OnnxOptions = {}): Promise<OnnxFile> {
  const name = basename(path);
  const session = await ort.InferenceSession.create(path, {
    logSeverityLevel: 4,
    extra: { session: { intra_op: { allow_spinning: "0" } } },
    ...(threads && { intraOpNumThreads: threads }),
  }).catch((cause: unknown) => {
    const reason = String((cause as Error).message).split("\n")[0];
    throw new WeightsError(`${path}: the runtime cannot open it: ${reason}`, { cause });
  });
  return {
    name,
    inputs: portsOf(session.inputMetadata),
    outputs: portsOf(session.outputMetadata),
    async run(feeds, output) {
      const { [output]: result } = await session.run(feeds, [output]).catch((cause: unknown) => {
        const reason = String((cause as Error).message).split("\n")[0];
        throw new WeightsError(`${name}: it does not run: ${reason}`, { cause });
      });
      return result?.data as Float32Array;
    },
    release: () => session.release(),
  };
}

function portsOf(metadata: readonly ort.InferenceSession.ValueMetadata[]): Port[] {
  return metadata.map(({ name, ...rest }) =>
    rest.isTensor ? { name, type: rest.type, shape: rest.shape } : { name, type: "sequence", shape: [] },
  );
}

/** Whether a declared shape takes this one. */
export function takes({ shape }: Port, wanted: readonly (number | "any")[]): boolean {
  return (
    shape.length === wanted.length &&
    shape.every(
      (size, axis) =>
        typeof size === "string" || size === -1 || size === wanted[axis] || wanted[axis] === "any",
    )
  );
}

/**
 * The inputs of a file that wants exactly `count` pictures, fp32 [1, 3, side, side].
 * @throws WeightsError, one line that says what it has instead
 */
export function pictureInputs(file: OnnxFile, count: number, side: number | "any"): readonly Port[] {
  const fits = (port: Port) => port.type === "float32" && takes(port, [1, 3, side, side]);
  if (file.inputs.length === count && file.inputs.every(fits)) return file.inputs;
  throw new WeightsError(
    `${file.name}: expected ${count === 1 ? "one input" : `${count} inputs`} float32 [1,3,${side},${side}], ` +
      `it has ${described(file.inputs)}`,
  );
}

/**
 * The output of this name, or the only one of the rank.
 * @throws WeightsError if that cannot be read from the file
 */
export function outputOf(file: OnnxFile, name: string, ranks: readonly number[]): Port {
  const fits = file.outputs.filter(({ type, shape }) => type === "float32" && ranks.includes(shape.length));
  const [only] = fits;
  const port = fits.find((output) => output.name === name) ?? (fits.length === 1 ? only : undefined);
  if (port !== undefined) return port;
  throw new WeightsError(
    `${file.name}: expected an output ${name} or a single one of rank ${ranks.join(" or ")}, ` +
      `it has ${described(file.outputs)}`,
  );
}

export function described(ports: readonly Port[]): string {
  return ports.map(({ name, type, shape }) => `${name} ${type} [${shape.join(",")}]`).join(", ");
}
