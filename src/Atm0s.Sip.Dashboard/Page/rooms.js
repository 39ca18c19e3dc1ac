import { fillMeter, makeMeter, matches, swap } from "./calls.js";
import { drawings, el, empty, say } from "./dom.js";
import { initials, number, order, talks } from "./format.js";
import { store } from "./store.js";

const maxCards = 120;
const maxMembers = 24;

export function makeRoomsView({ onOpen, onHangUp, onCallInto, onSeen, canCommand }) {
  const root = el("div", { class: "cards" });
  const nobody = empty(drawings.rooms, "Every room is empty", "A room opens with its first caller and closes with the last.");
  const cards = new Map();
  const seen = new Set();
  let count = 0;
  let [rooms, key] = [[], ""];
  // Only what is seen is kept up to date: of a thousand members some dozens.
  const watcher = new IntersectionObserver(entries => {
    for (const entry of entries) {
      if (entry.isIntersecting) seen.add(entry.target.dataset.room);
      else seen.delete(entry.target.dataset.room);
    }
    onSeen();
  }, { root, rootMargin: "80px" });
  return {
    name: "rooms", label: "Rooms", drawing: drawings.rooms,
    badge: () => store.rooms.total,
    count: () => number.format(count),
    paint(view, filter) {
      const members = membersOfRooms();
      const now = `${store.rooms.version}/${filter && store.callsVersion}/${filter}`;
      if (now !== key) [rooms, key] = [[...store.rooms.rows.values()].filter(room => wanted(room, members, filter)).sort(byName), now];
      count = rooms.length;
      if (rooms.length === 0 && filter === "") return swap(view, nobody);
      swap(view, root);
      const keep = new Set(rooms.slice(0, maxCards).map(room => room.id));
      for (const [id, card] of cards) {
        if (!keep.has(id)) {
          watcher.unobserve(card.element);
          card.element.remove();
          cards.delete(id);
          seen.delete(id);
        }
      }
      rooms.slice(0, maxCards).forEach((room, i) => {
        let card = cards.get(room.id);
        if (!card) {
          cards.set(room.id, card = makeCard(room.id, { onOpen, onHangUp, onCallInto, canCommand }));
          watcher.observe(card.element);
        }
        if (root.children[i] !== card.element) root.insertBefore(card.element, root.children[i] ?? null);
        if (seen.has(room.id)) fillCard(card, room, members.get(room.id) ?? []);
      });
    },
  };
}

const byName = (a, b) => b.members - a.members || order(a.id, b.id);

export function membersOfRooms() {
  const rooms = new Map();
  for (const call of store.calls.values()) {
    if (!call.row.room) continue;
    if (!rooms.has(call.row.room)) rooms.set(call.row.room, []);
    rooms.get(call.row.room).push(call);
  }
  return rooms;
}

function wanted(room, members, filter) {
  return filter === "" || room.id.toLowerCase().includes(filter) || (members.get(room.id) ?? []).some(call => matches(call.row, filter));
}

export const nameOf = row => row.participant ?? (row.direction === "in" ? row.user ?? row.from : row.to);

function makeCard(id, { onOpen, onHangUp, onCallInto, canCommand }) {
  const title = el("h2", { title: id }, id);
  const badge = el("span", { class: "badge" });
  const list = el("ul");
  const acts = el("div", { class: "row" },
    el("button", { type: "button", onclick: () => onCallInto(id) }, "Call into"),
    el("button", { type: "button", class: "danger", onclick: () => onHangUp(id) }, "Hang up room"));
  const element = el("article", { class: "card", data: { room: id } }, el("header", {}, title, badge), list, canCommand ? acts : null);
  return { element, badge, list, members: new Map(), onOpen, others: el("li", { class: "hint" }) };
}

function fillCard(card, room, calls) {
  const speaking = calls.filter(talks).length;
  say(card.badge, speaking > 0 ? `${speaking} of ${room.members} talking` : `${room.members} here`);
  card.badge.className = speaking > 0 ? "badge ok" : "badge";
  const shown = calls.slice(0, maxMembers);
  const keep = new Set(shown.map(call => call.row.id));
  for (const [id, member] of card.members) {
    if (!keep.has(id)) {
      member.element.remove();
      card.members.delete(id);
    }
  }
  for (const call of shown) {
    let member = card.members.get(call.row.id);
    if (!member) {
      card.members.set(call.row.id, member = makeMember(call, card.onOpen));
      card.list.append(member.element);
    }
    fillMember(member, call);
  }
  const rest = [calls.length > maxMembers ? `and ${calls.length - maxMembers} more` : "", room.others ? `Of the host: ${room.others.replaceAll("\n", ", ")}` : ""];
  say(card.others, rest.filter(Boolean).join(". "));
  if (card.others.textContent && !card.others.isConnected) card.list.append(card.others);
}

function makeMember(call, onOpen) {
  const face = el("span", { class: "face", "aria-hidden": "true" });
  const name = el("span", { class: "name" });
  const meter = makeMeter();
  const button = el("button", { type: "button", class: "member", onclick: () => onOpen(call.row.id) }, face, name, meter);
  return { element: el("li", {}, button), button, face, name, meter };
}

function fillMember(member, call) {
  const { row } = call;
  const name = nameOf(row);
  say(member.face, initials(name));
  say(member.name, row.muted ? `${name} (muted)` : row.held ? `${name} (on hold)` : row.state === "answered" ? name : `${name} (${row.state})`);
  member.button.classList.toggle("talks", row.state === "answered" && talks(call));
  fillMeter(member.meter, call);
}
