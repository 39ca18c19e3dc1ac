// Who is in the room, and who talks.
const loud = -45; // dBov: from here on somebody talks
const hold = 600; // ms that "talking" stays

export class Talkers {
  #source; #list; #heard = new Map();

  constructor(list) { this.#list = list; }

  start(callId) {
    this.stop();
    this.#source = new EventSource(`phone/talkers/${encodeURIComponent(callId)}`);
    this.#source.onmessage = (event) => this.#show(JSON.parse(event.data));
    this.#source.onerror = () => this.stop();
  }

  stop() {
    this.#source?.close();
    this.#source = undefined;
    this.#list.replaceChildren();
    this.#heard.clear();
  }

  #show(people) {
    const now = performance.now();
    while (this.#list.children.length > people.length) this.#list.lastChild.remove();
    people.forEach((person, i) => {
      const row = this.#list.children[i] ?? this.#list.appendChild(newRow());
      if (person.level > loud && !person.muted) this.#heard.set(i, now);
      const talks = now - (this.#heard.get(i) ?? -hold) < hold;
      row.dataset.talks = talks ? "yes" : "no";
      set(row.querySelector(".dot"), (person.name[0] ?? "?").toUpperCase());
      set(row.querySelector(".name"), person.isYou ? `${person.name} (you)` : person.name);
      set(row.querySelector(".says"), person.muted ? "muted" : talks ? "talking" : "");
      row.querySelector("meter").value = Math.max(0, Math.min(60, person.level + 70));
    });
  }
}

function newRow() {
  const row = document.createElement("li");
  for (const name of ["dot", "name", "says"]) {
    const part = row.appendChild(document.createElement("span"));
    part.className = name;
  }
  row.firstChild.ariaHidden = "true";
  const meter = row.appendChild(document.createElement("meter"));
  Object.assign(meter, { min: 0, max: 60, value: 0, ariaHidden: "true" });
  return row;
}

// Writing the same text anew would make screen readers say it again.
function set(element, text) { if (element.textContent !== text) element.textContent = text; }
