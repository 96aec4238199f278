import { readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";

/** Resident memory of a process, in MB, at a time of the run in milliseconds. */
export interface Reading {
  readonly at: number;
  readonly process: string;
  readonly mb: number;
}

/** Programs that hold a part together and do none of its work. */
const AROUND = new Set(["sh", "cat"]);

/** Resident memory of every process of these process groups, by part and program (Linux: `/proc`). */
export function readMemory(groups: Readonly<Record<string, number>>, at: number): Reading[] {
  const parts = new Map(Object.entries(groups).map(([part, group]) => [group, part]));
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      const found = processOf(pid);
      const part = found && parts.get(found.group);
      if (!found || part === undefined || AROUND.has(found.program)) return [];
      return [{ at, process: `${part}: ${found.program}`, mb: found.mb }];
    });
}

/** Null if the process has ended meanwhile. */
function processOf(pid: string): { group: number; program: string; mb: number } | null {
  try {
    // pid (comm) state ppid pgrp …: the name may hold anything, spaces and brackets too
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const group = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[2]);
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    const [, kb] = /^VmRSS:\s+(\d+) kB$/m.exec(status) ?? [];
    const [path = ""] = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
    return kb === undefined ? null : { group, program: basename(path), mb: Number(kb) / 1000 };
  } catch {
    return null;
  }
}
