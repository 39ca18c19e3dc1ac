import { key, order, post, watch } from "./api.js";
import { makeCallsView } from "./calls.js";
import { forgetSizes } from "./chart.js";
import { Detail } from "./detail.js";
import { askCall, askMove, askSure, showShortcuts } from "./dialogs.js";
import { el, icon, say } from "./dom.js";
import { askKey } from "./gate.js";
import { makeHealthView } from "./health.js";
import { startKeys } from "./keys.js";
import { makeEndedView, makePhonesView, makeTrunksView } from "./lists.js";
import { buildOverview, paintOverview } from "./overview.js";
import { makeRoomsView } from "./rooms.js";
import { store } from "./store.js";
import { startTheme } from "./theme.js";

// Puts the page together: the stream fills the store, and what is seen is painted from it, at most once a frame.

const $ = id => document.getElementById(id);
const meta = name => document.querySelector(`meta[name="${name}"]`).content;
const canCommand = meta("sip-commands") === "yes";

const detail = new Detail($("detail"), {
  canCommand,
  onClose: () => { $("app").classList.remove("opened"); changed(); view.grid?.body.focus({ preventScroll: true }); },
  onHangUp: hangUp,
  onMove: id => askMove(id, store.calls.get(id)?.row.room),
});

const views = [
  makeCallsView({ onOpen: open, canCommand }),
  makeRoomsView({ onOpen: open, onHangUp: hangUpRoom, onCallInto: room => call({ room }), onSeen: changed, canCommand }),
  makePhonesView({ onCall: user => call({ kind: "user", to: user }), canCommand }),
  makeTrunksView({ onCallOver: trunk => call({ kind: "trunk", trunk }), canCommand }),
  makeEndedView({ onOpen: open, onChange: () => { view.forget?.(); changed(); } }),
  makeHealthView({ onOpen: open }),
];

let view = views[0];
let wanted = false;
let resized = false;

function open(id) {
  detail.open(id);
  if (!$("app").classList.contains("opened")) {
    $("app").classList.add("opened");
    resized = true;
  }
  changed();
}

function call(preset) {
  if (canCommand) askCall(preset, open);
}

function hangUp(id) {
  const row = store.calls.get(id)?.row;
  if (row && canCommand) askSure("Hang up", `End the call from ${row.from} to ${row.to}?`, "Hang up", () => order(id, "hang_up"));
}

function hangUpRoom(room) {
  const members = store.rooms.rows.get(room)?.members ?? 0;
  askSure("Hang up room", `End all ${members} calls of room ${room}?`, "Hang up all", () => post("hang-up-room", { room }));
}

// The opened call, else the one chosen in the table.
function onCall(action) {
  if (!canCommand) return;
  if (!detail.id && view.name === "calls" && view.grid.current) open(view.grid.current.row.id);
  if (detail.call) action();
}

function go(name) {
  view = views.find(each => each.name === name) ?? views[0];
  if (location.hash !== `#${view.name}`) history.replaceState(null, "", `#${view.name}`);
  for (const link of $("nav").children) {
    if (link.dataset.view === view.name) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  say($("heading"), view.label);
  document.querySelector(".search").hidden = view.noSearch ?? false;
  $("view").replaceChildren();
  resized = true;
  changed();
}

function changed() {
  if (wanted) return;
  wanted = true;
  requestAnimationFrame(paint);
}

function paint() {
  wanted = false;
  if ($("app").hidden) return;
  if (resized) forgetSizes();
  paintOverview(resized);
  if (resized) view.redraw?.();
  resized = false;
  if (view.grid) view.grid.selected = detail.id;
  view.paint($("view"), $("search").value.trim().toLowerCase());
  say($("count"), view.count());
  paintNav();
  detail.paint();
}

function buildNav() {
  views.forEach((each, i) => $("nav").append(el("a", { href: `#${each.name}`, data: { view: each.name }, "aria-keyshortcuts": String(i + 1) },
    icon(...each.drawing), el("span", {}, each.name === "calls" ? "Calls" : each.name === "ended" ? "Ended" : each.label), el("span", { class: "n" }))));
}

function paintNav() {
  views.forEach((each, i) => {
    const badge = $("nav").children[i].lastElementChild;
    const alert = each.alert?.() ?? 0;
    const count = alert || each.badge();
    say(badge, count > 0 ? (count > 9999 ? "9999+" : String(count)) : "");
    badge.classList.toggle("alert", alert > 0);
    badge.title = alert > 0 ? `${alert} failed` : "";
  });
}

function linkIs(state, text) {
  $("link").dataset.state = state;
  say($("link"), text);
}

const pause = milliseconds => new Promise(resolve => setTimeout(resolve, milliseconds));

// Looks until the page is closed; asks for a key when one is wanted, and comes back when the server was away.
async function look() {
  let wait = 500;
  for (;;) {
    try {
      await watch(frame => {
        wait = 500;
        if (frame.full) {
          $("app").hidden = false;
          $("leave").hidden = !key.get();
          linkIs("live", "live");
          resized = true;
        }
        store.apply(frame);
        changed();
      });
      linkIs("lost", "the server has stopped");
    } catch (error) {
      if (error.status === 401) {
        const wrong = Boolean(key.get());
        key.forget();
        await askKey(wrong);
        continue;
      }
      $("app").hidden = false;
      linkIs("lost", error.status ? error.message : "no connection, trying again");
    }
    await pause(wait);
    wait = Math.min(wait * 2, 10_000);
  }
}

function start() {
  buildNav();
  buildOverview($("overview"));
  const nextTheme = startTheme($("theme"), () => { resized = true; changed(); });
  $("dial").hidden = !canCommand;
  $("dial").addEventListener("click", () => call({}));
  $("help").addEventListener("click", () => showShortcuts(canCommand));
  $("leave").addEventListener("click", () => { key.forget(); location.reload(); });
  $("search").addEventListener("input", changed);
  window.addEventListener("hashchange", () => go(location.hash.slice(1)));
  new ResizeObserver(() => { resized = true; changed(); }).observe($("view"));
  setInterval(changed, 1000);
  startKeys({
    ...Object.fromEntries(views.map((each, i) => [String(i + 1), () => go(each.name)])),
    "/": () => $("search").checkVisibility() && $("search").focus(),
    "?": () => showShortcuts(canCommand),
    t: nextTheme,
    n: () => call({}),
    m: () => onCall(() => detail.toggleMute()),
    h: () => onCall(() => detail.toggleHold()),
    d: () => onCall(() => detail.focusDigits()),
    r: () => onCall(() => askMove(detail.id, detail.call.row.room)),
    x: () => onCall(() => hangUp(detail.id)),
    ArrowDown: () => view.grid?.move(1),
    ArrowUp: () => view.grid?.move(-1),
    escape: () => detail.close(),
  });
  go(location.hash.slice(1));
  look();
}

start();
