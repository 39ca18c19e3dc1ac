import { el, say } from "./dom.js";
import { spark } from "./chart.js";
import { number, rate, score } from "./format.js";
import { store } from "./store.js";

// The tiles at the top: how it goes, at a glance.

const longest = 300; // seconds that a tile shows
const shortest = 60;

function mean(seconds, take) {
  return seconds.length === 0 ? 0 : seconds.reduce((sum, second) => sum + take(second), 0) / seconds.length;
}

// A room has 50 ticks a second; of them 5 % late is heard.
const tooLate = (last, recent) => mean(recent, second => second.lateTicks) > 2.5 * Math.max(1, last.rooms);

const tiles = [
  { name: "Calls now", curve: second => second.calls,
    text: last => [number.format(last.calls), last.talking === undefined ? "" : `${number.format(last.talking)} talking`] },
  { name: "New calls / s", curve: second => second.begun, text: (_, recent) => [rate(mean(recent, second => second.begun)), "last 10 s"] },
  { name: "Phones", curve: second => second.phones, text: last => [number.format(last.phones), "registered"] },
  { name: "Sound (MOS)", curve: second => second.mos ?? null, max: 4.5, min: 1, text: last => [score(last.mos), last.mos ? "of 4.5" : "nobody talks"] },
  { name: "Refused / s", curve: second => second.refused, tint: "warn", alert: (_, recent) => mean(recent, second => second.refused) >= 1,
    text: (_, recent) => [rate(mean(recent, second => second.refused)), "last 10 s"] },
  { name: "Late audio ticks / s", curve: second => second.lateTicks, tint: "warn", alert: tooLate,
    text: (_, recent) => [rate(mean(recent, second => second.lateTicks)), "over 5 ms"] },
];

export function buildOverview(root) {
  for (const tile of tiles) {
    tile.value = document.createTextNode("–");
    tile.sub = el("span", { class: "sub" });
    tile.canvas = el("canvas", { "aria-hidden": "true" });
    tile.element = el("div", { class: "tile" }, el("span", { class: "label" }, tile.name), el("b", {}, tile.value, tile.sub), tile.canvas);
    root.append(tile.element);
  }
}

let drawn = null;

export function paintOverview(force) {
  const last = store.seconds.at(-1);
  if (!last || (drawn === last && !force)) return;
  drawn = last;
  const recent = store.seconds.slice(-10);
  const shown = store.seconds.slice(-longest);
  const length = Math.max(shortest, shown.length);
  for (const tile of tiles) {
    const [value, sub] = tile.text(last, recent);
    if (tile.value.data !== value) tile.value.data = value;
    say(tile.sub, sub);
    tile.element.classList.toggle("alert", tile.alert?.(last, recent) ?? false);
    spark(tile.canvas, shown.map(tile.curve), { length, min: tile.min, max: tile.max, name: tile.tint ?? "accent" });
  }
}
