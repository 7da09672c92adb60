// The price chart: the last minute of one symbol, and shades where the connection was away.
import uPlot from "/uplot.js";

const WINDOW = 60; // seconds

/**
 * `series(symbol)` gives `{ times, prices, volumes }`, seconds and numbers; `outages()` the spans without a connection,
 * `{ from, to, filled }` in seconds, where `to` is undefined for the present one.
 */
export function createChart(container, series, outages) {
  let symbol = "";
  let colors = readColors();
  const plot = new uPlot(options(), [[], [], []], container);

  function options() {
    return {
      width: container.clientWidth,
      height: container.clientHeight,
      padding: [12, 0, 0, 0],
      legend: { show: false },
      cursor: { drag: { x: false, y: false }, points: { size: 8 }, y: false },
      scales: {
        x: { time: true, range: () => [Date.now() / 1_000 - WINDOW, Date.now() / 1_000 + 1] },
        y: { range: (_, low, high) => priceRange(low, high) },
        volume: { range: (_, __, high) => [0, Math.max(high ?? 0, 1) * 5] },
      },
      axes: [
        {
          stroke: () => colors.muted,
          grid: { show: false },
          ticks: { show: false },
          font: colors.font,
          size: 30,
          space: 90,
          values: clockTimes,
        },
        {
          stroke: () => colors.muted,
          grid: { stroke: () => colors.grid, width: 1 },
          ticks: { show: false },
          font: colors.font,
          size: 62,
          side: 1,
          values: (_, all) => all.map((price) => price.toFixed(2)),
        },
      ],
      series: [
        {},
        {
          stroke: () => colors.line,
          width: 2,
          fill: (self) => fade(self, colors.line),
          points: { show: false },
          spanGaps: false,
        },
        {
          scale: "volume",
          stroke: () => colors.bars,
          fill: () => colors.bars,
          width: 0,
          paths: uPlot.paths.bars({ size: [0.7, 4] }),
          points: { show: false },
        },
      ],
      hooks: { drawClear: [shade], draw: [mark] },
    };
  }

  function shade(self) {
    const { ctx, bbox } = self;
    for (const { from, to, filled } of outages()) {
      const left = Math.max(bbox.left, self.valToPos(from, "x", true));
      const right = Math.min(bbox.left + bbox.width, self.valToPos(to ?? Date.now() / 1_000, "x", true));
      if (right <= left) continue;
      ctx.fillStyle = filled ? colors.filled : colors.outage;
      ctx.fillRect(left, bbox.top, right - left, bbox.height);
      ctx.fillStyle = filled ? colors.filledEdge : colors.outageEdge;
      ctx.fillRect(left, bbox.top, right - left, 3 * devicePixelRatio);
    }
  }

  /** A dot on the newest price. */
  function mark(self) {
    const [times, prices] = self.data;
    const price = prices.at(-1);
    if (price === undefined || price === null) return;
    const { ctx } = self;
    const [x, y] = [self.valToPos(times.at(-1), "x", true), self.valToPos(price, "y", true)];
    for (const [radius, color] of [
      [8, colors.halo],
      [4, colors.line],
    ]) {
      ctx.beginPath();
      ctx.arc(x, y, radius * devicePixelRatio, 0, 2 * Math.PI);
      ctx.fillStyle = color;
      ctx.fill();
    }
  }

  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    colors = readColors();
  });
  new ResizeObserver(() => {
    plot.setSize({ width: container.clientWidth, height: container.clientHeight });
  }).observe(container);

  return {
    choose(next) {
      symbol = next;
    },
    draw() {
      const { times, prices, volumes } = series(symbol);
      plot.setData([times, prices, volumes]);
    },
  };
}

function priceRange(low, high) {
  if (low === null || high === null) return [0, 1];
  const room = Math.max((high - low) * 0.12, high * 0.0005);
  // The volume has the lowest part to itself.
  return [low - room - (high - low) * 0.2, high + room];
}

/** One at the left edge would be cut off. */
function clockTimes(plot, seconds) {
  return seconds.map((second) =>
    plot.valToPos(second, "x") < 30 ? "" : new Date(second * 1_000).toTimeString().slice(0, 8),
  );
}

/** `color` is #rrggbb; two more digits are its opacity. */
function fade({ ctx, bbox }, color) {
  const gradient = ctx.createLinearGradient(0, bbox.top, 0, bbox.top + bbox.height);
  gradient.addColorStop(0, `${color}38`);
  gradient.addColorStop(1, `${color}00`);
  return gradient;
}

/** The colours of style.css, for the canvas. */
function readColors() {
  const style = getComputedStyle(document.documentElement);
  const names = ["line", "bars", "grid", "muted", "halo", "outage", "outageEdge", "filled", "filledEdge"];
  const read = (name) =>
    style.getPropertyValue(`--chart-${name.replace(/[A-Z]/, (letter) => `-${letter.toLowerCase()}`)}`).trim();
  return { ...Object.fromEntries(names.map((name) => [name, read(name)])), font: "12px system-ui, sans-serif" };
}
