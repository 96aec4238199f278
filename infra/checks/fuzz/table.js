const HEADINGS = ["target", "cases", "accepted", "refused", "crashes", "slowest ms"];
/** Counts of a run, a line for each target and one for all; Markdown. */
export function tableOf(tallies) {
    const rows = tallies.map(({ target, cases, accepted, refused, crashes, slowestMs }) => [
        target,
        cases,
        accepted,
        refused,
        crashes.length,
        Math.round(slowestMs),
    ]);
    const sum = (column) => rows.reduce((total, row) => total + Number(row[column]), 0);
    const slowest = Math.max(0, ...rows.map((row) => Number(row[5])));
    const lines = [
        HEADINGS,
        HEADINGS.map((_, i) => (i === 0 ? "---" : "---:")),
        ...rows,
        ["all", sum(1), sum(2), sum(3), sum(4), slowest],
    ];
    return lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
