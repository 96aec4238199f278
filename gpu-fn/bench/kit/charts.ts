import * as echarts from "echarts";

/** One line of a chart. */
export interface Curve {
  readonly name: string;
  /** [x, y] pairs, by x. */
  readonly points: readonly (readonly [number, number])[];
}

export interface Chart {
  readonly title: string;
  readonly x: string;
  readonly y: string;
  /** Of x: `category` where all curves have the same values (default), else `value` or `log`. */
  readonly scale?: "category" | "value" | "log";
  readonly curves: readonly Curve[];
}

const WIDTH = 440;
const HEIGHT = 340;

/** Charts side by side with one legend, as SVG. */
export function chartsSvg(charts: readonly Chart[]): string {
  const chart = echarts.init(null, null, {
    renderer: "svg",
    ssr: true,
    width: WIDTH * charts.length,
    height: HEIGHT,
  });
  chart.setOption({
    animation: false,
    backgroundColor: "#ffffff",
    legend: { bottom: 4, data: [...new Set(charts.flatMap(({ curves }) => curves.map(({ name }) => name)))] },
    title: charts.map(({ title }, i) => ({
      text: title,
      left: WIDTH * i + 56,
      top: 6,
      textStyle: { fontSize: 13 },
    })),
    grid: charts.map((_, i) => ({ left: WIDTH * i + 56, width: WIDTH - 80, top: 62, height: HEIGHT - 140 })),
    xAxis: charts.map(({ x, scale = "category", curves }, gridIndex) => ({
      gridIndex,
      type: scale,
      ...(scale !== "category" && { min: "dataMin", max: "dataMax" }),
      name: x,
      nameLocation: "middle",
      nameGap: 26,
      ...(scale === "category" && { data: curves[0]?.points.map(([value]) => String(value)) }),
    })),
    yAxis: charts.map(({ y }, gridIndex) => ({ gridIndex, type: "value", name: y, scale: true })),
    series: charts.flatMap(({ scale = "category", curves }, i) =>
      curves.map(({ name, points }) => ({
        name,
        type: "line",
        xAxisIndex: i,
        yAxisIndex: i,
        data: scale === "category" ? points.map(([, value]) => value) : points,
      })),
    ),
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
}
