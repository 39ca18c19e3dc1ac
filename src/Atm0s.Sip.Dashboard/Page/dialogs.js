import { order, post } from "./api.js";
import { el, toast } from "./dom.js";
import { store } from "./store.js";

// Forms: call somebody into a room, move a call, be sure about hanging up, the list of shortcuts.

let listNumber = 0;

function show(title, makeForm) {
  const dialog = el("dialog", { "aria-label": title });
  const close = () => dialog.close();
  dialog.append(el("h2", {}, title), makeForm(close));
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

function field(label, props, options = []) {
  const id = options.length > 0 ? `list-${++listNumber}` : undefined;
  return el("label", {}, el("span", {}, label), el("input", { autocomplete: "off", spellcheck: "false", list: id, ...props }),
    id ? el("datalist", { id }, ...options.map(value => el("option", { value }))) : null);
}

const roomNames = () => [...store.rooms.rows.keys()].slice(0, 200);

/** "Call this number into that room." preset: { kind, to, trunk, room }. */
export function askCall(preset, onStarted) {
  const trunks = [...store.trunks.rows.keys()];
  const kinds = [["user", "User"], ["trunk", "Trunk"], ["address", "Address"]];
  const chosen = preset.kind ?? (trunks.length > 0 ? "trunk" : "user");
  return show("Call into a room", close => {
    const to = field("User", { name: "to", required: true, maxlength: 256, value: preset.to ?? "" }, users());
    const [toLabel, toInput] = [to.firstElementChild, to.children[1]];
    const trunk = el("label", {}, el("span", {}, "Trunk"), el("select", { name: "trunk" }, ...trunks.map(name => el("option", { value: name, selected: name === preset.trunk }, name))));
    const room = field("Room", { name: "room", required: true, maxlength: 256, value: preset.room ?? "" }, roomNames());
    const from = field("Number that is shown (empty: the room)", { name: "from", maxlength: 80 });
    const error = el("p", { class: "error", role: "alert" });
    const choice = el("fieldset", { class: "choice" }, el("legend", { class: "visually-hidden" }, "Whom to call"), ...kinds.map(([value, text]) =>
      el("label", {}, el("input", { type: "radio", name: "kind", value, checked: value === chosen }), text)));
    const go = el("button", { type: "submit", class: "primary" }, "Call");
    const form = el("form", { method: "dialog", id: "dial-form" }, choice, to, trunk, room, from, error,
      el("div", { class: "row" }, el("button", { type: "button", onclick: close }, "Cancel"), go));
    const adapt = () => {
      const kind = form.elements.kind.value;
      trunk.hidden = kind !== "trunk";
      toLabel.textContent = { user: "User", trunk: "Number", address: "Address" }[kind];
      toInput.placeholder = { user: "1001", trunk: "+4930123456", address: "sip:1001@192.0.2.7:5060" }[kind];
      if (kind === "user") toInput.setAttribute("list", to.lastElementChild.id);
      else toInput.removeAttribute("list");
    };
    choice.addEventListener("change", adapt);
    form.addEventListener("submit", async event => {
      event.preventDefault();
      go.disabled = true;
      const { kind, to: whom, trunk: over, room: where, from: shown } = Object.fromEntries(new FormData(form));
      try {
        const { callId } = await post("dial", { kind, to: whom, trunk: kind === "trunk" ? over : undefined, room: where, from: shown || undefined });
        close();
        onStarted(callId);
      } catch (refused) {
        error.textContent = refused.message;
        go.disabled = false;
      }
    });
    adapt();
    queueMicrotask(() => (preset.to ? room.children[1] : toInput).focus());
    return form;
  });
}

const users = () => [...new Set([...store.phones.rows.values()].map(phone => phone.user))].slice(0, 500);

export function askMove(id, current) {
  return show("Move to another room", close => {
    const room = field("Room", { name: "room", required: true, maxlength: 256 }, roomNames().filter(name => name !== current));
    const error = el("p", { class: "error", role: "alert" });
    const form = el("form", { method: "dialog" }, room, error,
      el("div", { class: "row" }, el("button", { type: "button", onclick: close }, "Cancel"), el("button", { type: "submit", class: "primary" }, "Move")));
    form.addEventListener("submit", async event => {
      event.preventDefault();
      try {
        await order(id, "move", { room: new FormData(form).get("room") });
        close();
      } catch (refused) {
        error.textContent = refused.message;
      }
    });
    queueMicrotask(() => room.children[1].focus());
    return form;
  });
}

/** Asks once more; Enter agrees, Escape does not. */
export function askSure(title, text, action, run) {
  return show(title, close => {
    const form = el("form", { method: "dialog" }, el("p", {}, text),
      el("div", { class: "row" }, el("button", { type: "button", onclick: close }, "Cancel"), el("button", { type: "submit", class: "danger solid", autofocus: true }, action)));
    form.addEventListener("submit", async event => {
      event.preventDefault();
      close();
      try {
        await run();
      } catch (refused) {
        toast(refused.message, true);
      }
    });
    return form;
  });
}

export function showShortcuts(canCommand) {
  const rows = [
    ["1 – 6", "Switch between views"], ["/", "Search in the view"], ["↑ ↓", "Move in a table; PgUp, PgDn, Home, End too"], ["Enter", "Open what is chosen"],
    ["Esc", "Close what is open"], ["T", "Dark, light, or as the system"], ["?", "This list"],
    ...(canCommand ? [["N", "New call into a room"], ["M", "Mute or unmute the call"], ["H", "Hold or resume it"], ["D", "To its digits; then type them"],
      ["R", "Move it to another room"], ["X", "Hang it up"]] : []),
  ];
  return show("Keyboard shortcuts", close => el("form", { method: "dialog" },
    el("div", { class: "keys" }, ...rows.flatMap(([keys, text]) => [el("span", {}, el("kbd", {}, keys)), el("span", {}, text)])),
    el("p", { class: "hint" }, "Letters act on the opened call, else on the one chosen in the table."),
    el("div", { class: "row" }, el("button", { type: "submit", class: "primary", autofocus: true, onclick: close }, "Close"))));
}
