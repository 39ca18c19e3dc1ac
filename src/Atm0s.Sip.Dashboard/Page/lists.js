import { matches, swap } from "./calls.js";
import { classed, drawings, el, empty, say } from "./dom.js";
import { capital, duration, number, order, score, scoreClass, timeOfDay, words } from "./format.js";
import { Grid } from "./grid.js";
import { store } from "./store.js";

// Phones, trunks and ended calls.

export function makePhonesView({ onCall, canCommand }) {
  const grid = new Grid({
    label: "Registered phones", rowHeight: 44, phoneRowHeight: 58, keyOf: phone => phone.id, onOpen: phone => canCommand && onCall(phone.user),
    describe: phone => `${phone.user} at ${phone.source}${canCommand ? ", Enter calls" : ""}`,
    columns: [
      { label: "User", width: "minmax(110px, 1fr)", className: "first who", fill: (cell, phone) => say(cell, phone.user) },
      { label: "From", width: "170px", className: "", fill: (cell, phone) => say(cell, phone.source) },
      { label: "Contact", width: "minmax(140px, 1.6fr)", drop: 2, className: "rest soft", fill: (cell, phone) => say(cell, phone.contact) },
      { label: "Phone", width: "minmax(120px, 1.2fr)", drop: 1, className: "soft", fill: (cell, phone) => say(cell, phone.product ?? "unknown product") },
      { label: "Lasts", width: "80px", className: "num", fill: (cell, phone) => say(cell, duration(phone.expires * 1000)) },
    ],
  });
  return table("phones", "Phones", drawings.phones, grid, store.phones, (a, b) => order(a.user, b.user),
    empty(drawings.phones, "No phone is registered", "Give a phone this server's address, a user and a password: it shows up here at once."));
}

const outcomes = { ok: ["ok", "Done"], missed: ["warn", "Not taken"], refused: ["bad", "Refused"], failed: ["bad", "Failed"] };

export const outcomeOf = end => outcomes[end.outcome] ?? ["", capital(end.outcome)];

export const causeOf = end => `${capital(words(end.cause))}${end.status ? ` · ${end.status}` : ""}`;

export function makeEndedView({ onOpen, onChange }) {
  let only = "";
  const grid = new Grid({
    label: "Ended calls", rowHeight: 44, phoneRowHeight: 60, keyOf: end => end.id, onOpen: end => onOpen(end.id),
    describe: end => `Call from ${end.from} to ${end.to}, ${outcomeOf(end)[1]}, ${causeOf(end)}`,
    columns: [
      { label: "Call", width: "minmax(190px, 1.5fr)", className: "first", cell: () => el("span", { class: "who" }), fill: fillWho },
      { label: "", width: "100px", cell: () => el("span"), fill: fillOutcome },
      { label: "Why", width: "minmax(150px, 1.5fr)", className: "soft", fill: (cell, end) => say(cell, causeOf(end)) },
      { label: "Room", width: "minmax(80px, .8fr)", drop: 2, className: "rest", fill: (cell, end) => say(cell, end.room ?? "–") },
      { label: "Sound", width: "60px", drop: 3, className: "rest num", cell: () => el("b"), fill: fillMos },
      { label: "Time", width: "70px", drop: 1, className: "rest num", fill: (cell, end) => say(cell, end.duration ? duration(end.duration) : "–") },
      { label: "Ended", width: "80px", className: "num soft", fill: (cell, end) => say(cell, timeOfDay(end.at)) },
    ],
  });
  const chips = el("div", { class: "chips", role: "group", "aria-label": "Which calls" },
    ...[["", "All"], ["failed", "Failed"], ["missed", "Not taken"], ["refused", "Refused"], ["ok", "Done"]].map(([value, text]) =>
      el("button", { type: "button", "aria-pressed": String(value === only), data: { value }, onclick: () => choose(value) }, text)));
  function choose(value) {
    only = value;
    for (const chip of chips.children) chip.setAttribute("aria-pressed", String(chip.dataset.value === only));
    onChange();
  }
  const view = table("ended", "Ended calls", drawings.ended, grid, store.ended, (a, b) => b.at - a.at,
    empty(drawings.ended, "Nothing has ended yet", "Calls stay here for a while after their end, failed ones longer."), end => only === "" || end.outcome === only, chips);
  let version = -1;
  let failures = 0;
  view.alert = () => {
    if (version !== store.ended.version) {
      version = store.ended.version;
      failures = [...store.ended.rows.values()].filter(end => end.outcome === "failed").length;
    }
    return failures;
  };
  return view;
}

function fillWho(cell, end) {
  const who = cell.firstElementChild;
  if (who.shown === end) return;
  who.shown = end;
  who.replaceChildren(end.from, el("i", {}, end.direction === "in" ? "→" : "⇢"), end.to);
}

function fillOutcome(cell, end) {
  const [kind, text] = outcomeOf(end);
  classed(cell.firstElementChild, `badge ${kind}`);
  say(cell.firstElementChild, text);
}

function fillMos(cell, end) {
  say(cell.firstElementChild, score(end.mos));
  classed(cell.firstElementChild, scoreClass(end.mos));
}

function table(name, label, drawing, grid, source, order, nothing, also = () => true, above = null) {
  const box = el("div", { class: "grid-box" }, above ?? "", grid.element);
  const root = above ? box : grid.element;
  let [rows, key] = [[], ""];
  return {
    name, label, drawing, grid,
    badge: () => source.total,
    count: () => rows.length === source.total ? number.format(rows.length) : `${number.format(rows.length)} of ${number.format(source.total)}`,
    forget: () => { key = ""; },
    paint(view, filter) {
      const now = `${source.version}/${filter}`;
      if (now !== key) [rows, key] = [[...source.rows.values()].filter(row => also(row) && matches(row, filter)).sort(order), now];
      if (source.rows.size === 0) return swap(view, nothing);
      swap(view, root);
      grid.show(rows, source.total > source.rows.size ? `${number.format(source.total - source.rows.size)} more are not shown.` : "");
    },
  };
}

const trunkStates = { ready: "ok", registered: "ok", registering: "info", failed: "bad", removed: "" };

export function makeTrunksView({ onCallOver, canCommand }) {
  const root = el("div", { class: "cards" });
  const nothing = empty(drawings.trunks, "No trunk is set up", "A trunk leads to a carrier or a PBX: add one to the server's options or through the control API.");
  let key = "";
  let count = 0;
  return {
    name: "trunks", label: "Trunks", drawing: drawings.trunks,
    badge: () => store.trunks.total,
    alert: () => [...store.trunks.rows.values()].filter(trunk => trunk.state === "failed").length,
    count: () => number.format(count),
    paint(view, filter) {
      if (store.trunks.rows.size === 0) return swap(view, nothing);
      swap(view, root);
      const now = `${store.trunks.version}/${store.callsVersion}/${filter}`;
      if (now === key) return;
      key = now;
      const trunks = [...store.trunks.rows.values()].filter(trunk => matches(trunk, filter)).sort((a, b) => order(a.name, b.name));
      count = trunks.length;
      root.replaceChildren(...trunks.map(trunk => makeTrunk(trunk, onCallOver, canCommand)));
    },
  };
}

function makeTrunk(trunk, onCallOver, canCommand) {
  const calls = [...store.calls.values()].filter(call => call.row.trunk === trunk.name);
  const fact = (name, value) => [el("dt", {}, name), el("dd", {}, value)];
  return el("article", { class: trunk.state === "failed" ? "card failed" : "card", data: { trunk: trunk.name } },
    el("header", {}, el("h2", { title: trunk.name }, trunk.name), el("span", { class: `badge ${trunkStates[trunk.state] ?? ""}` }, capital(trunk.state))),
    el("dl", { class: "facts" },
      ...fact("Server", trunk.server), ...fact("Calls now", number.format(calls.length)),
      ...fact("Last REGISTER", trunk.status ? String(trunk.status) : "none"),
      ...fact("Lasts", trunk.expires ? duration(trunk.expires * 1000) : "–")),
    canCommand ? el("div", { class: "row" }, el("button", { type: "button", onclick: () => onCallOver(trunk.name) }, "Call over it")) : null);
}
