import { el } from "./dom.js";
import { timeOfDay } from "./format.js";

// Who said what: a lane for each side, ourselves in the middle, an arrow for each message.

/** The ladder of a call. messages: [{ at, sent, peer, incoming, text }]; open: the messages that are opened. */
export function makeLadder(messages, open) {
  const lanes = lanesOf(messages);
  const middle = lane => `${(100 * (lane + 0.5)) / lanes.names.length}%`;
  const heads = el("div", { class: "lanes", "aria-hidden": "true" });
  lanes.names.forEach((name, i) => {
    const [label, small] = name === null ? ["this server", ""] : split(name);
    const head = el("span", {}, label, el("small", {}, small));
    head.style.left = middle(i);
    head.style.maxWidth = `${100 / lanes.names.length}%`;
    heads.append(head);
  });
  const start = messages[0]?.at ?? 0;
  const steps = messages.map((message, i) => makeStep(message, i, { start, lanes, middle, open }));
  return el("div", { class: "ladder" }, heads, el("ol", {}, ...steps));
}

// Who called us to the left of us, whom we called to the right.
function lanesOf(messages) {
  const [left, right] = [[], []];
  for (const message of messages) {
    const side = message.incoming ? left : right;
    if (!side.includes(message.peer)) side.push(message.peer);
  }
  const names = [...left, null, ...right];
  return { names, us: left.length, of: message => message.incoming ? left.indexOf(message.peer) : left.length + 1 + right.indexOf(message.peer) };
}

function split(peer) {
  const [protocol, address] = peer.includes("://") ? peer.split("://") : ["", peer];
  return [address, protocol];
}

export function headline(text) {
  const first = text.slice(0, text.search(/[\r\n]|$/));
  const answer = /^SIP\/2\.0 (\d{3}) ?(.*)$/.exec(first);
  if (answer) return { code: Number(answer[1]), label: `${answer[1]} ${answer[2]}`.trim() };
  const method = first.split(" ", 1)[0];
  return { code: 0, label: method, target: first.split(" ")[1] ?? "" };
}

function kindOf(line) {
  if (line.code === 0) return "request";
  if (line.code === 401 || line.code === 407) return "auth";
  return line.code < 200 ? "s1" : line.code < 300 ? "s2" : line.code < 400 ? "s3" : "bad";
}

function makeStep(message, index, { start, lanes, middle, open }) {
  const line = headline(message.text);
  const [us, peer] = [lanes.us, lanes.of(message)];
  const [from, to] = message.sent ? [us, peer] : [peer, us];
  const what = el("span", { class: "what" }, line.label);
  what.style.left = `${(parseFloat(middle(from)) + parseFloat(middle(to))) / 2}%`;
  const arrow = el("span", { class: to > from ? "arrow right" : "arrow left" });
  arrow.style.left = middle(Math.min(from, to));
  arrow.style.width = `${Math.abs(parseFloat(middle(to)) - parseFloat(middle(from)))}%`;
  const after = `+${((message.at - start) / 1000).toFixed(message.at - start < 100_000 ? 3 : 1)} s`;
  const about = `${line.label} ${message.sent ? "to" : "from"} ${message.peer}, ${after}, at ${timeOfDay(message.at)}`;
  const text = el("pre", { class: "message mono", hidden: !open.has(index), tabindex: "0" }, message.text);
  const button = el("button", { type: "button", class: `step ${kindOf(line)}`, "aria-expanded": String(open.has(index)), "aria-label": about, onclick: toggle },
    ...lanes.names.map((_, i) => {
      const rail = el("span", { class: "lane" });
      rail.style.left = middle(i);
      return rail;
    }), el("span", { class: "at" }, after), what, arrow);
  function toggle() {
    if (open.has(index)) open.delete(index);
    else open.add(index);
    text.hidden = !open.has(index);
    button.setAttribute("aria-expanded", String(open.has(index)));
  }
  return el("li", {}, button, text);
}
