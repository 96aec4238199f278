import * as echarts from "echarts";
import type { Run } from "./run-soak.ts";

const WIDTH = 1000;
const PANEL = 190;
const GAP = 62;

/** A point a second in seconds of the run. */
type Points = readonly (readonly [seconds: number, value: number])[];

/** Points of one curve that are drawn at most, so that the file stays small: every so manieth of more. */
const DRAWN = 1_200;

function thinned(points: Points): Points {
  const every = Math.ceil(points.length / DRAWN);
  return points.filter((_, i) => i % every === 0);
}

interface Panel {
  readonly title: string;
  readonly curves: readonly { readonly name: string; readonly points: Points; readonly dots?: true }[];
  readonly log?: true;
}

/** The run over its time: queue and holds, how long edits took, how long reads took, memory. */
export function plotOf({ recorder, queue, memory }: Run): string {
  const edits = [...recorder.edits.values()].filter(({ status }) => status === "succeeded");
  const waits = (loud: boolean): Points =>
    edits
      .filter(({ customer }) => (customer === "loud") === loud)
      .map(({ createdAt, finishedAt }) => [
        seconds(createdAt),
        seconds((finishedAt ?? createdAt) - createdAt),
      ]);
  const reads = recorder.samples.filter(({ route }) => route === "GET /v1/edits/{id}");
  const refusals = recorder.samples.filter(({ status }) => status === 429 || status === 503);
  const panels: Panel[] = [
    {
      title: "edits that wait or run",
      curves: [
        { name: "unfinished edits", points: queue.map(({ at, unfinished }) => [seconds(at), unfinished]) },
        { name: "credits held", points: recorder.held.map(({ at, held }) => [seconds(at), held]) },
      ],
    },
    {
      title: "seconds from acceptance to the picture",
      curves: [
        { name: "loud customer", points: waits(true), dots: true },
        { name: "others", points: waits(false), dots: true },
      ],
    },
    {
      title: "milliseconds of an answer",
      log: true,
      curves: [
        { name: "reads of an edit", points: reads.map(({ at, ms }) => [seconds(at), ms]), dots: true },
        { name: "429 and 503", points: refusals.map(({ at, ms }) => [seconds(at), ms]), dots: true },
      ],
    },
    {
      title: "resident memory, MB",
      curves: [...new Set(memory.map(({ process }) => process))].map((name) => ({
        name,
        points: memory.filter(({ process }) => process === name).map(({ at, mb }) => [seconds(at), mb]),
      })),
    },
  ];
  const marks = recorder.phases.map(({ name, from, to }) => ({ name, from: seconds(from), to: seconds(to) }));
  const chart = echarts.init(null, null, {
    renderer: "svg",
    ssr: true,
    width: WIDTH,
    height: panels.length * (PANEL + GAP) + 20,
  });
  chart.setOption({
    animation: false,
    backgroundColor: "#ffffff",
    title: panels.map(({ title }, i) => ({
      text: title,
      left: 50,
      top: top(i) - 44,
      textStyle: { fontSize: 13 },
    })),
    legend: panels.map(({ curves }, i) => ({
      data: curves.map(({ name }) => name),
      right: 40,
      itemGap: 28,
      top: top(i) - 46,
      textStyle: { fontSize: 11 },
    })),
    grid: panels.map((_, i) => ({ left: 50, right: 20, top: top(i), height: PANEL - 30 })),
    xAxis: panels.map((_, gridIndex) => ({
      gridIndex,
      type: "value",
      min: 0,
      max: Math.ceil(marks.at(-1)?.to ?? 0),
      name: gridIndex === panels.length - 1 ? "seconds" : "",
      nameLocation: "middle",
      nameGap: 24,
    })),
    yAxis: panels.map(({ log }, gridIndex) => ({ gridIndex, type: log ? "log" : "value" })),
    series: panels.flatMap(({ curves }, i) =>
      curves.map(({ name, points, dots }, j) => ({
        name,
        type: dots ? "scatter" : "line",
        showSymbol: false,
        symbolSize: 3,
        xAxisIndex: i,
        yAxisIndex: i,
        data: thinned(points),
        ...(j === 0 && {
          markArea: {
            silent: true,
            label: { position: "insideTop", fontSize: 10, color: "#666666" },
            itemStyle: { color: "rgba(120,120,120,0.07)" },
            data: marks.map(({ name: phase, from, to }) => [{ name: phase, xAxis: from }, { xAxis: to }]),
          },
        }),
      })),
    ),
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
}

const top = (panel: number) => 52 + panel * (PANEL + GAP);
const seconds = (ms: number) => Math.round(ms / 100) / 10;
