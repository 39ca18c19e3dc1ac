import { curves } from "./chart.js";
import { swap } from "./calls.js";
import { drawings, el, say } from "./dom.js";
import { number, rate, timeOfDay } from "./format.js";
import { store } from "./store.js";

// Limits and refusals as they happen, and the curves of the whole server.

const names = {
  "atm0s.sip.limits": "Limits met", "atm0s.sip.messages.refused": "Malformed messages", "atm0s.sip.messages.dropped": "Messages dropped",
  "atm0s.sip.authentications": "Passwords not accepted", "atm0s.sip.registrations": "Registrations refused", "atm0s.sip.udp.dropped": "Datagrams lost before they were read",
  "atm0s.sip.connections.refused": "Connections refused", "atm0s.sip.media.packets.refused": "Audio packets refused",
  "atm0s.sip.media.ticks.late": "Audio ticks late", "atm0s.sip.media.ticks.skipped": "Audio ticks skipped", "atm0s.sip.media.ticks.stuck": "Audio ticks stuck",
  "atm0s.sip.events.lost": "Events lost by slow observers", "atm0s.sip.hook.late": "Late answers of the host",
};

export function makeHealthView({ onOpen }) {
  const panels = [
    panel("Calls", [["calls", "calls now", "area", "chart-1"], ["talking", "talking", "line", "chart-2"]]),
    panel("Calls a second", [["begun", "begun", "bars", "chart-1"], ["failed", "failed", "bars", "bad"]]),
    panel("Refused and dropped a second", [["refused", "refused", "area", "warn"]]),
    panel("Late audio ticks a second", [["lateTicks", "late", "bars", "chart-3"]]),
  ];
  const table = el("tbody");
  const calm = el("p", { class: "hint" }, "Nothing was refused, dropped or late since the start. That is how it should be.");
  const rates = el("table", { class: "rates" }, el("thead", {}, el("tr", {}, ...["What", "Which", "Since start", "A second"].map((text, i) =>
    el("th", { scope: "col", class: i > 1 ? "num" : "" }, text)))), table);
  const list = el("ol", { class: "happen" });
  const quiet = el("p", { class: "hint" }, "No call failed, no trunk and no phone was lost lately.");
  const root = el("div", { class: "health" }, ...panels.map(each => each.element),
    el("section", { class: "panel wide", id: "refusals" }, el("h2", {}, "Limits and refusals"), calm, rates),
    el("section", { class: "panel wide" }, el("h2", {}, "What went wrong lately"), quiet, list));
  let [rowsKey, listKey, drawnAt] = [-1, null, null];
  return {
    name: "health", label: "Health", drawing: drawings.health,
    noSearch: true,
    badge: () => 0,
    count: () => "the last ten minutes",
    redraw: () => { drawnAt = null; },
    paint(view) {
      swap(view, root);
      const last = store.seconds.at(-1);
      if (last !== drawnAt) {
        drawnAt = last;
        for (const each of panels) each.draw();
      }
      if (rowsKey !== store.refusals.version) {
        rowsKey = store.refusals.version;
        fillRates(table);
        calm.hidden = table.childElementCount > 0;
        rates.hidden = !calm.hidden;
      }
      const newest = store.happenings.at(-1) ?? null;
      if (listKey !== newest || list.childElementCount === 0) {
        listKey = newest;
        list.replaceChildren(...[...store.happenings].reverse().map(each => happening(each, onOpen)));
        quiet.hidden = list.childElementCount > 0;
      }
    },
  };
}

function panel(title, series) {
  const canvas = el("canvas", { role: "img" });
  const value = el("span");
  const element = el("section", { class: "panel" }, el("h2", {}, title, value), canvas);
  function draw() {
    const { seconds } = store;
    curves(canvas, {
      times: seconds.map(second => second.at * 1000),
      series: series.map(([field, , kind, name]) => ({ kind, name, values: seconds.map(second => second[field] ?? null) })),
    });
    const text = series.map(([field, label]) => `${number.format(seconds.at(-1)?.[field] ?? 0)} ${label}`).join(", ");
    say(value, text);
    canvas.setAttribute("aria-label", `${title}: ${text}`);
  }
  return { element, draw };
}

function fillRates(table) {
  const rows = [...store.refusals.rows.values()].sort((a, b) => b.rate - a.rate || b.count - a.count);
  table.replaceChildren(...rows.map(row => el("tr", { class: row.rate > 0 ? "now" : "" },
    el("td", { title: row.about }, names[row.counter] ?? row.about.replace(/,? by .*$/, "").replace(/\.$/, "")), el("td", {}, row.case ?? ""),
    el("td", { class: "num" }, number.format(row.count)), el("td", { class: "num" }, rate(row.rate)))));
}

function happening(what, onOpen) {
  return el("li", {}, el("span", { class: "soft" }, timeOfDay(what.at)), el("span", {}, what.text),
    what.callId ? el("button", { type: "button", onclick: () => onOpen(what.callId) }, "Look") : "");
}
