import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { ENVIRONMENT } from "./environment.ts";

/** Counts passed and failed tests over suites; the file named by `TEST_TALLY` carries the counts to further commands. */
export class Tally {
  readonly #file = process.env.TEST_TALLY;
  #passed = 0;
  #failed = 0;

  constructor() {
    if (this.#file === undefined || !existsSync(this.#file)) return;
    const [passed = 0, failed = 0] = readFileSync(this.#file, "utf8").split(" ").map(Number);
    this.add(passed, failed);
  }

  add(passed: number, failed: number): void {
    this.#passed += passed;
    this.#failed += failed;
  }

  /** Runs a command that counts as one test. @param sound exit statuses that mean success */
  check(title: string, command: string, args: readonly string[], sound: readonly number[] = [0]): void {
    process.stdout.write(`\n── ${title}\n`);
    const { status } = spawnSync(command, args, { stdio: "inherit", env: ENVIRONMENT });
    const passed = status !== null && sound.includes(status);
    this.add(passed ? 1 : 0, passed ? 0 : 1);
  }

  /** Prints the sum and sets the exit code. */
  close(): void {
    if (this.#file !== undefined) writeFileSync(this.#file, `${this.#passed} ${this.#failed}`);
    process.stdout.write(`\n${this.#passed} passed, ${this.#failed} failed\n`);
    process.exitCode = this.#failed === 0 ? 0 : 1;
  }
}
