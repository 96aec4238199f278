// The thread of the policies: its networks block it and nothing else.
import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import { flatten } from "../engine/protocol.ts";
import { type Judge, openJudge } from "./judge.ts";
import type { Answer, Opening, Question } from "./protocol.ts";

const port = parentPort as MessagePort;
const say = (answer: Answer) => port.postMessage(answer);

function judged(judge: Judge, question: Exclude<Question, { ask: "close" }>) {
  if (question.ask === "prompts") return judge.prompts(question.prompts);
  return judge[question.ask](question.picture);
}

try {
  const { moderation, folder } = workerData as Opening;
  const judge = await openJudge(moderation, folder);
  let last: Promise<unknown> = Promise.resolve();
  port.on("message", (question: Question) => {
    if (question.ask === "close") return last.finally(() => port.close());
    last = judged(judge, question).then(
      (verdict) => say({ type: "verdict", id: question.id, verdict }),
      (error: unknown) => say({ type: "failed", id: question.id, error: flatten(error) }),
    );
  });
  say({ type: "ready" });
} catch (error) {
  say({ type: "unable", message: flatten(error).message });
}
