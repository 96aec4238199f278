/** Stub libraries with the names of CUDA's; they define everything that the provider calls. */
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const SOURCES = join(import.meta.dirname, "stubs");

interface Stub {
  /** The name that the provider loads. */
  readonly library: string;
  /** Source file for calls that need behaviour. */
  readonly source?: string;
  /** Pattern of this library's calls. */
  readonly calls: RegExp;
  /** Whether its symbols have the library's name as their version. */
  readonly versioned: boolean;
}

/** In link order: all count in the first one's ledger. A call belongs to the first library whose pattern matches it. */
const STUBS: readonly Stub[] = [
  { library: "libcudart.so.13", source: "runtime.c", calls: /^(?:__)?cuda/, versioned: true },
  { library: "libcublasLt.so.13", source: "blas_light.c", calls: /^cublasLt/, versioned: true },
  { library: "libcublas.so.13", source: "blas.c", calls: /^cublas/, versioned: true },
  { library: "libcurand.so.10", calls: /^curand/, versioned: false },
  { library: "libcudnn.so.9", source: "dnn.c", calls: /^cudnn/, versioned: false },
  { library: "libcuda.so.1", calls: /^cu[A-Z]/, versioned: false },
];

/** Calls that a provider links, and those of cuDNN, which it looks up by name. */
export function callsOf(symbols: string, texts: string): string[] {
  const linked = [...symbols.matchAll(/\bU ((?:__)?cu\w+)/g)].map(([, name]) => name ?? "");
  const named = [...texts.matchAll(/^cudnn[A-Z]\w+$/gm)].map(([name]) => name);
  return [...new Set([...linked, ...named])].filter((name) => STUBS.some(({ calls }) => calls.test(name)));
}

/** Calls that a source defines. */
const definedIn = (source: string) => new Set([...source.matchAll(/\b(?:__)?cu\w+/g)].map(([name]) => name));

/**
 * Compiles the stubs with the machine's C compiler.
 * @param provider the CUDA provider's shared library
 * @param headers folder of CUDA's own headers, for the structures that pass through
 * @param folder where the libraries go
 * @throws Error if `cc`, `nm` or `strings` is missing, or a source does not compile
 */
export function buildStubs(provider: string, headers: string, folder: string): void {
  mkdirSync(folder, { recursive: true });
  const output = (command: string, ...args: string[]) =>
    execFileSync(command, args, { encoding: "utf8", maxBuffer: 2 ** 28 });
  const calls = callsOf(output("nm", "-D", "--undefined-only", provider), output("strings", provider));
  for (const [index, { library, source, calls: own, versioned }] of STUBS.entries()) {
    const written = source === undefined ? "" : readFileSync(join(SOURCES, source), "utf8");
    const others = STUBS.slice(0, index).map((stub) => stub.calls);
    const missing = calls.filter(
      (name) =>
        own.test(name) && !others.some((pattern) => pattern.test(name)) && !definedIn(written).has(name),
    );
    const rest = join(folder, `${library}.c`);
    const version = join(folder, `${library}.map`);
    writeFileSync(rest, missing.map((name) => `int ${name}(void) { return 0; }\n`).join(""));
    writeFileSync(version, `${versioned ? library : ""} { global: *; };\n`);
    const sources = source === undefined ? [rest] : [join(SOURCES, source), rest];
    const linked = index === 0 ? [] : [join(folder, STUBS[0]?.library ?? "")];
    const options = ["-O1", "-shared", "-fPIC", "-w", `-I${headers}`, `-Wl,-soname,${library}`];
    output(
      "cc",
      ...options,
      `-Wl,--version-script=${version}`,
      "-o",
      join(folder, library),
      ...sources,
      ...linked,
    );
  }
}
