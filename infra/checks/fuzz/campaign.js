import { runCase } from "./case.ts";
/** Feeds a target with the inputs of a range, one after another. */
export async function campaign(target, { seed, cases, until = Number.POSITIVE_INFINITY }, onCrash = () => undefined) {
    const counts = { accepted: 0, refused: 0, crashed: 0 };
    const crashes = [];
    let [done, slowestMs] = [0, 0];
    for (; done < cases && Date.now() < until; done++) {
        const bytes = await target.make(seed + done);
        const { answer, ms, crash } = await runCase(target, bytes);
        counts[answer] += 1;
        slowestMs = Math.max(slowestMs, ms);
        if (crash === null)
            continue;
        crashes.push({ seed: seed + done, reason: crash, bytes });
        onCrash({ seed: seed + done, reason: crash, bytes });
    }
    const { accepted, refused } = counts;
    return { target: target.name, cases: done, accepted, refused, crashes, slowestMs };
}
