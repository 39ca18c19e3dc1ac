import { callSpark } from "./chart.js";
import { classed, drawings, el, empty, say } from "./dom.js";
import { duration, loudness, number, score, scoreClass, stateOf } from "./format.js";
import { Grid } from "./grid.js";
import { store } from "./store.js";

const points = 60;

export function makeCallsView({ onOpen, canCommand }) {
  const grid = new Grid({
    label: "Live calls", rowHeight: 46, phoneRowHeight: 62, keyOf: call => call.row.id, onOpen: call => onOpen(call.row.id), describe,
    columns: [
      { label: "Call", width: "minmax(150px, 1.7fr)", className: "first", cell: makeWho, fill: fillWho },
      { label: "State", width: "100px", cell: () => el("span"), fill: fillState },
      { label: "Room", width: "minmax(80px, 1fr)", drop: 1, className: "", fill: (cell, call) => say(cell, call.row.room ?? "–") },
      { label: "Via", width: "minmax(70px, .8fr)", drop: 4, className: "rest soft", fill: (cell, call) => say(cell, via(call.row)) },
      { label: "Codec", width: "64px", drop: 5, className: "rest soft", fill: (cell, call) => say(cell, call.row.codec ?? "–") },
      { label: "Time", width: "66px", className: "num", fill: (cell, call) => say(cell, timeOf(call.row)) },
      { label: "Level", width: "84px", drop: 2, className: "rest", cell: makeMeter, fill: fillMeter },
      { label: "Sound", width: "188px", drop: 3, className: "rest", cell: makeQuality, fill: fillQuality },
    ],
  });
  const nobody = empty(drawings.calls, "No call right now",
    canCommand ? "Register a phone and dial a room, or press N to call somebody into one." : "As soon as a phone calls, you see it here.");
  let shown = null;
  let key = "";
  return {
    name: "calls", label: "Live calls", drawing: drawings.calls, grid,
    badge: () => store.callsTotal,
    count: () => counted(shown?.length ?? 0),
    paint(root, filter) {
      const now = `${store.callsVersion}/${filter}`;
      if (now !== key || shown === null) [shown, key] = [select(filter), now];
      if (shown.length === 0 && filter === "") return swap(root, nobody);
      swap(root, grid.element);
      const beyond = store.callsTotal - store.calls.size;
      grid.show(shown, beyond > 0 ? `${number.format(beyond)} more calls are not shown.` : "");
    },
  };
}

/** Shows one element in a view, and leaves it alone when it is there already. */
export function swap(root, element) {
  if (root.firstElementChild !== element || root.childElementCount !== 1) root.replaceChildren(element);
}

export const via = row => row.trunk ?? row.user ?? "–";

export const timeOf = row => row.answered ? duration(store.now() - row.answered) : duration(store.now() - row.started);

function counted(shown) {
  return shown === store.callsTotal ? `${number.format(shown)}` : `${number.format(shown)} of ${number.format(store.callsTotal)}`;
}

function select(filter) {
  const found = [];
  for (const call of store.calls.values()) if (matches(call.row, filter)) found.push(call);
  return found.sort((a, b) => b.row.started - a.row.started || b.row.number - a.row.number);
}

export function matches(row, filter) {
  if (filter === "") return true;
  for (const name of ["from", "to", "room", "trunk", "user", "participant", "codec", "cause", "contact", "source", "product", "name", "server", "reason"])
    if (row[name] && String(row[name]).toLowerCase().includes(filter)) return true;
  return String(row.id ?? "").toLowerCase() === filter;
}

const describe = ({ row }) => `${row.direction === "in" ? "Incoming" : "Outgoing"} call from ${row.from} to ${row.to}, ${stateOf(row)[1]}${row.room ? `, room ${row.room}` : ""}`;

function makeWho() {
  return [el("span", { class: "who" }), el("span", { class: "flags" })];
}

function fillWho(cell, { row }) {
  const [who, flags] = cell.children;
  if (who.shown !== row) {
    who.shown = row;
    who.replaceChildren(row.from, el("i", {}, row.direction === "in" ? "→" : "⇢"), row.to);
    flags.replaceChildren(...(row.muted ? [el("span", { class: "badge warn" }, "muted")] : []));
  }
}

function fillState(cell, { row }) {
  const [kind, text] = stateOf(row);
  classed(cell.firstElementChild, `badge ${kind}`);
  say(cell.firstElementChild, text);
}

export const makeMeter = () => el("div", { class: "meter", "aria-hidden": "true" }, el("i"));

export function fillMeter(cell, call) {
  const meter = cell.classList.contains("meter") ? cell : cell.firstElementChild;
  const silent = call.row.state !== "answered" || call.row.held;
  classed(meter, call.row.muted ? "meter off" : call.level > -9 ? "meter hot" : "meter");
  const fill = `scaleX(${(silent ? 0 : loudness(call.level)).toFixed(2)})`;
  if (meter.fill !== fill) meter.firstElementChild.style.transform = meter.fill = fill;
}

function makeQuality() {
  return el("div", { class: "quality" }, el("b"), el("canvas", { "aria-hidden": "true" }), el("span", { class: "soft" }));
}

function fillQuality(cell, call) {
  const [mos, canvas, rest] = cell.firstElementChild.children;
  say(mos, score(call.mos));
  classed(mos, scoreClass(call.mos));
  say(rest, call.row.state === "answered" ? `${call.jitter.toFixed(0)} ms · ${call.loss.toFixed(call.loss > 0 && call.loss < 10 ? 1 : 0)} %` : "");
  const { history } = call;
  const stamp = `${call.row.id}/${history.mos.length}/${store.seconds.at(-1)?.at ?? 0}`;
  if (canvas.stamp !== stamp || !canvas.sized) {
    canvas.stamp = stamp;
    callSpark(canvas, history, points);
  }
}
