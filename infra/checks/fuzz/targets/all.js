import { bodyTarget } from "./body.ts";
import { decodeTarget, maskTarget } from "./decode.ts";
import { eventsTarget } from "./events.ts";
import { formTarget } from "./form.ts";
import { inspectTarget } from "./inspect.ts";
import { linesTarget } from "./lines.ts";
import { tokenTarget } from "./token.ts";
import { weightsTarget } from "./weights.ts";
/** Every border that is fuzzed, and its share of a run: decoders take a hundred times as long as the others. */
export const TARGETS = [
    [inspectTarget, 0.2],
    [decodeTarget, 0.1],
    [maskTarget, 0.05],
    [weightsTarget, 0.15],
    [tokenTarget, 0.15],
    [bodyTarget, 0.1],
    [formTarget, 0.1],
    [linesTarget, 0.075],
    [eventsTarget, 0.075],
];
export const targetNamed = (name) => TARGETS.find(([target]) => target.name === name)?.[0];
