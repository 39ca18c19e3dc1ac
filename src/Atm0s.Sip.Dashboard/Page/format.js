// Numbers and times as people read them.

export const number = new Intl.NumberFormat("en");

const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });

export const timeOfDay = at => clock.format(at);

/** 75 s is 1:15, 3,675 s is 1:01:15. */
export function duration(milliseconds) {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const two = value => String(value).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

export function rate(value) {
  return value >= 10 ? number.format(Math.round(value)) : (Math.round(value * 10) / 10).toString();
}

/** Order of names: room2 before room10. */
export const order = new Intl.Collator(undefined, { numeric: true }).compare;

export const words = name => name.replaceAll("_", " ");

export const capital = text => text.charAt(0).toUpperCase() + text.slice(1);

/** Name of the class of a mean opinion score: 4.0 is good, 3.6 is what some users complain about (ITU-T G.107 Annex B). */
export function scoreClass(mos) {
  if (!mos) return "q-none";
  return mos >= 4 ? "q-ok" : mos >= 3.6 ? "q-warn" : "q-bad";
}

export const score = mos => mos ? mos.toFixed(1) : "–";

/** Share of a meter that a level fills: -60 dBov is nothing, -6 is all. */
export const loudness = level => Math.max(0, Math.min(1, (level + 60) / 54));

export const talks = call => call.level > -45 && !call.row.muted && !call.row.held;

export const stateBadges = {
  connecting: ["info", "Connecting"],
  ringing: ["warn", "Ringing"],
  answered: ["ok", "Talking"],
  ended: ["", "Ended"],
};

export function stateOf(row) {
  if (row.held && row.state === "answered") return ["warn", "On hold"];
  return stateBadges[row.state] ?? ["", capital(row.state)];
}

/** Two signs for a face: of a name the first, of a number the last. */
export function initials(name) {
  const signs = name.replace(/[^\p{L}\p{N}]/gu, "").toUpperCase();
  return (/^\p{L}/u.test(signs) ? signs.slice(0, 2) : signs.slice(-2)) || "?";
}
