import { getBlob, getJson, order } from "./api.js";
import { curves, readable } from "./chart.js";
import { timeOf } from "./calls.js";
import { el, say, toast } from "./dom.js";
import { capital, duration, number, stateOf, timeOfDay, words } from "./format.js";
import { makeLadder } from "./ladder.js";
import { causeOf, outcomeOf } from "./lists.js";
import { store } from "./store.js";

// The opened call: what can be done to it, its curves, its ladder, and why it went as it did.

const interval = 2000;

const curveKinds = [
  { title: "MOS", min: 1, max: 4.5, series: [["mos", "area", "chart-1", "score"]], format: value => value.toFixed(2) },
  { title: "Jitter and loss", series: [["jitter", "line", "chart-2", "jitter ms"], ["loss", "bars", "bad", "loss %"]], format: value => value.toFixed(1) },
  { title: "Levels", min: -90, max: 0, series: [["heard", "area", "chart-1", "phone dBov"], ["said", "line", "chart-3", "sent to it"]], format: value => value.toFixed(0) },
];

export class Detail {
  constructor(root, { canCommand, onClose, onHangUp, onMove }) {
    Object.assign(this, { root, canCommand, onClose, onHangUp, onMove });
    this.id = null;
    this.opened = new Set();
    setInterval(() => this.#refresh(), interval);
  }

  get call() { return this.id ? store.calls.get(this.id) ?? null : null; }

  open(id) {
    if (this.id === id) return;
    this.id = id;
    this.data = null;
    this.root.classList.add("loading");
    this.opened = new Set();
    this.ladderKey = "";
    this.notesKey = "";
    this.#build();
    this.root.hidden = false;
    this.#refresh(true);
    this.paint();
    this.heading.focus({ preventScroll: true });
  }

  close() {
    if (!this.id) return;
    this.id = null;
    this.root.hidden = true;
    this.root.replaceChildren();
    this.onClose();
  }

  async run(command, more) {
    const { id } = this;
    if (!id || !this.canCommand) return;
    try {
      await order(id, command, more);
    } catch (error) {
      toast(error.message, true);
    }
    if (this.id === id) this.#refresh(true);
  }

  toggleMute() { return this.run(this.call?.row.muted ? "unmute" : "mute"); }

  toggleHold() { return this.run(this.call?.row.held ? "resume" : "hold"); }

  focusDigits() { this.pad?.querySelector("button")?.focus(); }

  #build() {
    this.heading = el("h2", { tabindex: "-1" }, "…");
    this.badge = el("span", { class: "badge" });
    this.sub = el("p", { class: "soft" });
    this.mute = el("button", { type: "button", "aria-pressed": "false", "aria-keyshortcuts": "m", onclick: () => this.toggleMute() }, "Mute");
    this.hold = el("button", { type: "button", "aria-pressed": "false", onclick: () => this.toggleHold() }, "Hold");
    this.move = el("button", { type: "button", "aria-keyshortcuts": "r", onclick: () => this.onMove(this.id) }, "Move");
    this.answer = el("button", { type: "button", class: "primary", onclick: () => this.run("answer") }, "Answer");
    this.hangUp = el("button", { type: "button", class: "danger", "aria-keyshortcuts": "x", onclick: () => this.onHangUp(this.id) }, "Hang up");
    this.acts = el("div", { class: "acts" }, this.answer, this.mute, this.hold, this.move, this.hangUp);
    this.cause = el("p", { class: "cause", hidden: true });
    this.curveBoxes = curveKinds.map(kind => makeCurve(kind, () => this.#drawCurves()));
    this.silent = el("p", { class: "hint" }, "Curves begin when audio flows.");
    this.ladder = el("div");
    this.notes = el("ol", { class: "notes" });
    this.facts = el("dl", { class: "facts" });
    this.pad = this.canCommand ? makePad(digit => this.run("digits", { digits: digit })) : null;
    const section = (title, ...children) => el("section", { "aria-label": title }, el("h3", {}, title), ...children);
    const capture = el("button", { type: "button", onclick: () => this.#download() }, "Download pcap");
    this.ladderSection = el("section", { class: "late", "aria-label": "Signalling" }, el("h3", {}, "Signalling", capture), this.ladder);
    this.notesSection = section("Why it went so", this.notes);
    this.factsSection = section("Facts", this.facts);
    for (const each of [this.notesSection, this.factsSection]) each.classList.add("late");
    this.padSection = this.pad ? section("Digits", this.pad) : "";
    this.root.replaceChildren(
      el("header", {},
        el("div", { class: "title" }, el("div", {}, this.heading, this.sub), this.badge,
          el("button", { type: "button", class: "close", "aria-label": "Close", "aria-keyshortcuts": "Escape", onclick: () => this.close() }, "×")),
        this.canCommand ? this.acts : ""),
      el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "About this call" }, this.cause,
        section("Sound", this.silent, ...this.curveBoxes.map(box => box.element)), this.ladderSection,
        this.notesSection, this.factsSection, this.padSection));
  }

  async #refresh(now = false) {
    const { id } = this;
    if (!id || (!now && (document.hidden || this.data?.state === "ended"))) return;
    try {
      const data = await getJson(`calls/${encodeURIComponent(id)}`);
      if (this.id !== id) return;
      this.data = data;
      this.root.classList.remove("loading");
      this.#fill();
      this.paint();
    } catch (error) {
      if (this.id === id && error.status === 404 && !this.data) {
        say(this.heading, "This call is not kept any more");
        this.acts.hidden = true;
      }
    }
  }

  /** What changes with every update. */
  paint() {
    if (!this.id) return;
    const row = this.call?.row ?? this.data;
    if (!row) return;
    say(this.heading, `${row.from} ${row.direction === "in" ? "→" : "⇢"} ${row.to}`);
    const ended = !this.call && this.data?.state === "ended";
    const [kind, text] = ended && this.data.end ? outcomeOf(this.data.end) : stateOf(row);
    this.badge.className = `badge ${kind}`;
    say(this.badge, text);
    const time = this.call ? timeOf(row) : ended && this.data.end ? duration(this.data.end.duration) : "";
    say(this.sub, [row.room ? `Room ${row.room}` : "", row.trunk ? `trunk ${row.trunk}` : row.user ?? "", time].filter(Boolean).join(" · "));
    const live = Boolean(this.call);
    const talking = row.state === "answered" && live;
    this.acts.hidden = !live;
    if (this.padSection) this.padSection.hidden = !talking;
    this.answer.hidden = !(row.direction === "in" && row.state !== "answered");
    this.hold.hidden = this.move.hidden = !talking;
    this.mute.setAttribute("aria-pressed", String(Boolean(row.muted)));
    say(this.mute, row.muted ? "Unmute" : "Mute");
    this.hold.setAttribute("aria-pressed", String(Boolean(row.held)));
    say(this.hold, row.held ? "Resume" : "Hold");
    this.#drawCurves();
  }

  #fill() {
    const { data } = this;
    this.cause.hidden = !data.end;
    if (data.end) {
      this.cause.className = `cause ${data.end.outcome}`;
      say(this.cause, `${causeOf(data.end)}: ${data.end.reason}. Ended at ${timeOfDay(data.end.at)}.`);
    }
    const ladderKey = `${data.messages.length}/${data.leftOut}`;
    if (ladderKey !== this.ladderKey) {
      this.ladderKey = ladderKey;
      this.#fillLadder(data);
    }
    if (this.notesKey !== data.notes.length) {
      this.notesKey = data.notes.length;
      this.notes.replaceChildren(...data.notes.map(note => el("li", {}, el("span", { class: "soft" }, timeOfDay(note.at)),
        el("span", { class: "badge" }, note.subject), el("span", {}, note.text))));
    }
    this.facts.replaceChildren(...factsOf(data).flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]));
  }

  #fillLadder(data) {
    if (data.messages.length === 0) {
      this.ladder.replaceChildren(el("p", { class: "hint" }, "The SIP messages of this call are not written down."),
        this.canCommand && data.state !== "ended" ? el("button", { type: "button", onclick: () => this.run("trace") }, "Write them down from now on") : "");
      return;
    }
    this.ladder.replaceChildren(makeLadder(data.messages, this.opened),
      data.leftOut > 0 ? el("p", { class: "hint" }, `${number.format(data.leftOut)} messages in between were not kept.`) : "");
  }

  #drawCurves() {
    const points = this.#points();
    this.silent.hidden = points.times.length > 1;
    say(this.silent, this.call ? "Curves begin when audio flows." : "Too little audio flowed for a curve.");
    for (const box of this.curveBoxes) {
      box.element.hidden = points.times.length < 2;
      if (!box.element.hidden) box.draw(points);
    }
  }

  // What the server wrote down, and behind it what this page saw since.
  #points() {
    const quality = this.data?.quality ?? [];
    const points = {
      times: quality.map(point => point.at), mos: quality.map(point => point.mos ?? null), jitter: quality.map(point => point.jitter),
      loss: quality.map(point => point.loss), heard: quality.map(point => point.heard), said: quality.map(point => point.said),
    };
    const history = this.call?.history;
    if (!history) return points;
    const [last, now] = [points.times.at(-1) ?? 0, store.now()];
    history.mos.forEach((mos, i) => {
      const at = now - 1000 * (history.mos.length - 1 - i);
      if (at <= last + 500) return;
      points.times.push(at);
      points.mos.push(mos || null);
      points.jitter.push(history.jitter[i]);
      points.loss.push(history.loss[i]);
      points.heard.push(history.level[i]);
      points.said.push(points.said.at(-1) ?? null);
    });
    return points;
  }

  async #download() {
    try {
      const url = URL.createObjectURL(await getBlob(`calls/${encodeURIComponent(this.id)}/pcap`));
      el("a", { href: url, download: `call-${this.id}.pcap` }).click();
      setTimeout(() => URL.revokeObjectURL(url), 10_000);
    } catch (error) {
      toast(error.message, true);
    }
  }
}

function makeCurve(kind, redraw) {
  const canvas = el("canvas", { role: "img" });
  const labels = kind.series.map(([, , name, label]) => el("span", { class: name === "chart-3" ? "key-3" : name === "chart-2" ? "key-2" : name === "bad" ? "key-bad" : "key-1" }, `${label} `, el("b")));
  const element = el("figure", { class: "curve" }, el("figcaption", {}, ...labels), canvas);
  let reading = null;
  readable(canvas, redraw, values => {
    reading = values;
    redraw();
  });
  return {
    element,
    draw(points) {
      curves(canvas, { times: points.times, min: kind.min ?? 0, max: kind.max, format: kind.format,
        series: kind.series.map(([field, how, name]) => ({ values: points[field], kind: how, name })) });
      const shown = kind.series.map(([field], i) => reading?.values[i] ?? lastOf(points[field], kind.format));
      labels.forEach((label, i) => say(label.lastElementChild, shown[i]));
      canvas.setAttribute("aria-label", `${kind.title}: ${kind.series.map(([, , , label], i) => `${label} ${shown[i]}`).join(", ")}`);
    },
  };
}

const lastOf = (values, format) => {
  const last = values.at(-1);
  return last === null || last === undefined ? "–" : format(last);
};

function makePad(onDigit) {
  const press = digit => el("button", { type: "button", "aria-label": `Digit ${{ "*": "star", "#": "hash" }[digit] ?? digit}`, onclick: () => onDigit(digit) }, digit);
  const pad = el("div", { class: "pad", role: "group", "aria-label": "Digits; type them while this is in focus" }, ..."123456789*0#".split("").map(press));
  pad.addEventListener("keydown", event => {
    if (/^[0-9*#]$/.test(event.key) && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      event.stopPropagation();
      onDigit(event.key);
    }
  });
  return pad;
}

function factsOf(data) {
  const facts = [
    ["Our id", data.id], ["Call-ID", data.sipCallId], ["Direction", data.direction === "in" ? "incoming" : "outgoing"],
    ["Signalling with", data.peer], ["Known by", data.knownBy && capital(words(data.knownBy))], ["User", data.user], ["Trunk", data.trunk],
    ["Began", timeOfDay(data.started)], ["Answered", data.answered ? timeOfDay(data.answered) : data.end ? "never" : "not yet"],
  ];
  const { audio } = data;
  if (audio) {
    facts.push(["Codec", audio.codec], ["Audio", `${audio.local ?? "?"} ⇄ ${audio.remote ?? "not known yet"}`],
      ["Packets", `${number.format(audio.received)} received, ${number.format(audio.lost)} lost, ${number.format(audio.discarded)} too late, ${number.format(audio.sent)} sent`],
      ["Made up", `${audio.concealed} %`], ["Jitter buffer", `${audio.buffer} ms`], ["Round trip", audio.roundTrip ? `${audio.roundTrip} ms` : "not known"]);
  }
  return facts.filter(([, value]) => value);
}
