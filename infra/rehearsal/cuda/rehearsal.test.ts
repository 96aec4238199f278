import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { Ledger } from "./ledger.ts";
import { onProcessor } from "./nodes-on-processor.ts";
import { callsOf } from "./stubs.ts";

const folder = mkdtempSync(join(tmpdir(), "flux-rehearsal-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("reads the stubs' counts; taking them resets all but what is live", () => {
  const path = join(folder, "ledger");
  Ledger.create(path);
  const ledger = new Ledger(path);
  writeFileSync(path, Buffer.from(BigInt64Array.from([5n, 9n, 3n, 1n, 100n, 50n, 7n, 2n, 4n]).buffer));
  expect(ledger.take()).toEqual({
    ...{ live: 5, peak: 9, requests: 3, refusals: 1, toDevice: 100, toHost: 50 },
    ...{ products: 7, convolutionPlans: 2, launches: 4 },
  });
  expect(ledger.read()).toMatchObject({ live: 5, peak: 5, requests: 0, refusals: 0, toDevice: 0 });
  ledger.close();
});

test("finds every CUDA call that a provider links, and calls of cuDNN by their names", () => {
  const symbols = [
    "                 U cudaMalloc@libcudart.so.13",
    "                 U __cudaRegisterFatBinary@libcudart.so.13",
    "                 U cuTensorMapEncodeTiled",
    "                 U curlInit",
    "                 U memcpy@GLIBC_2.14",
  ].join("\n");
  const texts = "cudnnCreate\ncudnnCreate(&handle)\nlibcudnn.so\ncudnn version: ";
  expect(callsOf(symbols, texts)).toEqual([
    ...["cudaMalloc", "__cudaRegisterFatBinary", "cuTensorMapEncodeTiled"],
    "cudnnCreate",
  ]);
});

test("reads from the runtime's log what runs on the processor", () => {
  const line = (said: string) =>
    `[V:onnxruntime:, session_state.cc:1 VerifyEachNodeIsAssignedToAnEp]  ${said}\n`;
  const log = [
    line("Node(s) placed on [CPUExecutionProvider]. Number of nodes: 2"),
    line("  Concat (Concat_36)"),
    line("  Shape (Shape_1)"),
    "[I:onnxruntime:, graph.cc:1 Other]  Gemm (Gemm_9)\n",
    line("Node(s) placed on [CUDAExecutionProvider]. Number of nodes: 1"),
    line("  Gemm (Gemm_2)"),
  ].join("");
  expect([...onProcessor(log)]).toEqual(["Concat", "Shape"]);
});
