// Curves on canvas. Few lines of our own do what is needed here: no library, nothing to keep up to date.

let colours = null;

/** The colours of the theme; read anew after it changed. */
function colour(name) {
  if (!colours) {
    const style = getComputedStyle(document.documentElement);
    colours = {};
    for (const each of ["accent", "chart-1", "chart-2", "chart-3", "line", "soft", "ink", "ok", "warn", "bad"])
      colours[each] = style.getPropertyValue(`--${each}`).trim();
  }
  return colours[name];
}

export const forgetColours = () => { colours = null; };

/** A canvas as wide as it is shown, sharp on every screen; null while it is not shown. */
function begin(canvas) {
  const ratio = Math.min(window.devicePixelRatio || 1, 2);
  if (!canvas.sized || canvas.sizedAt !== ratio) {
    canvas.sized = [canvas.clientWidth, canvas.clientHeight];
    canvas.sizedAt = ratio;
  }
  const [width, height] = canvas.sized;
  if (width === 0 || height === 0) {
    canvas.sized = null;
    return null;
  }
  const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== w || canvas.height !== h) [canvas.width, canvas.height] = [w, h];
  const pen = canvas.getContext("2d");
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.clearRect(0, 0, width, height);
  return { pen, width, height };
}

/** After the window changed its size. */
export function forgetSizes() {
  for (const canvas of document.querySelectorAll("canvas")) canvas.sized = null;
}

function trace(pen, values, x, y) {
  let open = false;
  pen.beginPath();
  for (let i = 0; i < values.length; i++) {
    if (values[i] === null || values[i] === undefined) {
      open = false;
      continue;
    }
    if (open) pen.lineTo(x(i), y(values[i]));
    else pen.moveTo(x(i), y(values[i]));
    open = true;
  }
}

/** A line without axes, over a soft ground. */
export function spark(canvas, values, { length, min = 0, max, name = "accent" }) {
  const area = begin(canvas);
  if (!area || values.length < 2) return;
  const { pen, width, height } = area;
  const top = max ?? Math.max(1, ...values.map(value => value ?? 0)) * 1.15;
  const step = width / (Math.max(length, 2) - 1);
  const offset = Math.max(0, length - values.length) * step;
  const x = i => offset + i * step;
  const y = value => height - 2 - (Math.min(Math.max(value, min), top) - min) / (top - min) * (height - 4);
  trace(pen, values, x, y);
  pen.strokeStyle = colour(name);
  pen.lineWidth = 1.5;
  pen.lineJoin = "round";
  pen.stroke();
  if (values.some(value => value === null)) return;
  pen.lineTo(x(values.length - 1), height);
  pen.lineTo(x(0), height);
  pen.globalAlpha = 0.12;
  pen.fillStyle = colour(name);
  pen.fill();
  pen.globalAlpha = 1;
}

/** The small curve of a call: its score as a line, jitter as a thin one, loss as bars from below. */
export function callSpark(canvas, history, length) {
  const area = begin(canvas);
  if (!area) return;
  const { pen, width, height } = area;
  const count = history.mos.length;
  const step = width / length;
  const x = i => width - (count - i) * step + step / 2;
  pen.fillStyle = colour("bad");
  for (let i = 0; i < count; i++) {
    if (history.loss[i] > 0) {
      const bar = Math.max(2, Math.min(1, history.loss[i] / 10) * height);
      pen.fillRect(x(i) - step / 2, height - bar, Math.max(1, step - 0.5), bar);
    }
  }
  pen.lineWidth = 1;
  pen.strokeStyle = colour("chart-2");
  trace(pen, history.jitter, x, value => height - 1 - Math.min(1, value / 60) * (height - 2));
  pen.stroke();
  pen.lineWidth = 1.6;
  pen.strokeStyle = colour("chart-1");
  trace(pen, history.mos.map(value => value || null), x, value => height - 1 - (value - 1) / 3.5 * (height - 2));
  pen.stroke();
}

/**
 * Curves over time with a grid, times below and a reading where the pointer is.
 * series: [{ values, name, kind: "line" | "bars" | "area", min?, max? }]; times: Unix milliseconds of the values.
 */
export function curves(canvas, { times, series, min = 0, max, unit = "", format = value => value }) {
  const area = begin(canvas);
  if (!area) return;
  const { pen, width, height } = area;
  const [left, bottom, topPad] = [34, 16, 6];
  const top = max ?? niceTop(series);
  const [from, to] = [times[0] ?? 0, times.at(-1) ?? 1];
  const x = i => left + (to === from ? 1 : (times[i] - from) / (to - from)) * (width - left - 6);
  const y = value => topPad + (1 - (Math.min(Math.max(value, min), top) - min) / (top - min)) * (height - bottom - topPad);
  grid(pen, { left, width, y, min, top, unit });
  if (times.length === 0) return;
  for (const line of series) draw(pen, line, { x, y, min, width: width - left, count: times.length });
  marks(pen, { from, to, left, width, height });
  canvas.reading = position => reading({ times, series, x, format, position });
  if (canvas.pointerAt !== undefined) cross(pen, { times, x, at: canvas.pointerAt, height: height - bottom, topPad });
}

function niceTop(series) {
  let highest = 0;
  for (const line of series) for (const value of line.values) highest = Math.max(highest, value ?? 0);
  for (let step = 1; ; step *= 10) {
    for (const factor of [1, 2, 5]) if (highest <= step * factor) return step * factor;
  }
}

function grid(pen, { left, width, y, min, top, unit }) {
  pen.font = "10px system-ui, sans-serif";
  pen.textAlign = "right";
  pen.textBaseline = "middle";
  for (let i = 0; i <= 2; i++) {
    const value = min + (top - min) * i / 2;
    pen.strokeStyle = colour("line");
    pen.lineWidth = 1;
    pen.beginPath();
    pen.moveTo(left, Math.round(y(value)) + 0.5);
    pen.lineTo(width - 6, Math.round(y(value)) + 0.5);
    pen.stroke();
    pen.fillStyle = colour("soft");
    pen.fillText(`${Math.round(value * 10) / 10}${unit}`, left - 5, y(value));
  }
}

function draw(pen, line, { x, y, min, width, count }) {
  pen.strokeStyle = pen.fillStyle = colour(line.name);
  if (line.kind === "bars") {
    const bar = Math.max(1, Math.min(8, width / count - 0.5));
    for (let i = 0; i < line.values.length; i++)
      if (line.values[i] > 0) pen.fillRect(x(i) - bar / 2, y(line.values[i]), bar, y(min) - y(line.values[i]));
    return;
  }
  trace(pen, line.values, x, y);
  pen.lineWidth = 1.7;
  pen.lineJoin = "round";
  pen.stroke();
  if (line.kind !== "area" || line.values.length < 2 || line.values.includes(null)) return;
  pen.lineTo(x(line.values.length - 1), y(min));
  pen.lineTo(x(0), y(min));
  pen.globalAlpha = 0.12;
  pen.fill();
  pen.globalAlpha = 1;
}

function marks(pen, { from, to, left, width, height }) {
  const text = at => new Date(at).toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
  pen.fillStyle = colour("soft");
  pen.textBaseline = "bottom";
  pen.textAlign = "left";
  pen.fillText(text(from), left, height - 1);
  pen.textAlign = "right";
  pen.fillText(text(to), width - 6, height - 1);
}

function nearest(times, x, position) {
  let best = 0;
  for (let i = 1; i < times.length; i++) if (Math.abs(x(i) - position) < Math.abs(x(best) - position)) best = i;
  return best;
}

function cross(pen, { times, x, at, height, topPad }) {
  const middle = Math.round(x(nearest(times, x, at))) + 0.5;
  pen.strokeStyle = colour("soft");
  pen.setLineDash([3, 3]);
  pen.beginPath();
  pen.moveTo(middle, topPad);
  pen.lineTo(middle, height);
  pen.stroke();
  pen.setLineDash([]);
}

function reading({ times, series, x, format, position }) {
  const i = nearest(times, x, position);
  return { at: times[i], values: series.map(line => line.values[i] === null || line.values[i] === undefined ? "–" : format(line.values[i])) };
}

/** Lets a pointer read values off the curve: onReading gets them, or null when it leaves. */
export function readable(canvas, redraw, onReading) {
  canvas.addEventListener("pointermove", event => {
    canvas.pointerAt = event.offsetX;
    redraw();
    if (canvas.reading) onReading(canvas.reading(event.offsetX));
  });
  canvas.addEventListener("pointerleave", () => {
    canvas.pointerAt = undefined;
    redraw();
    onReading(null);
  });
}
