/** Types of the nodes that run on the processor, from the runtime's log of CUDA sessions. */
export function onProcessor(log: string): Set<string> {
  const types = new Set<string>();
  let processor = false;
  for (const [, said = ""] of log.matchAll(/VerifyEachNodeIsAssignedToAnEp\]\s+(.*)/g)) {
    const [, place] = /placed on \[(\w+)\]/.exec(said) ?? [];
    if (place !== undefined) processor = place === "CPUExecutionProvider";
    else if (processor) types.add(/^(\w+) \(/.exec(said)?.[1] ?? said);
  }
  return types;
}
