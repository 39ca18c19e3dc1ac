import { el, say } from "./dom.js";

// A table of any length: only the rows that are seen exist. Arrow keys move, Enter opens (ARIA grid pattern).

const spare = 4; // rows above and below what is seen

export class Grid {
  /**
   * columns: [{ label, width, drop, className, cell: () => element, fill: (element, row) => {} }]; where there is too little room, those
   * with the highest drop go first, those without one never.
   * keyOf tells rows apart; onOpen gets the row.
   */
  constructor({ label, columns, rowHeight, phoneRowHeight, keyOf, onOpen, describe }) {
    Object.assign(this, { columns, rowHeight, phoneRowHeight, keyOf, onOpen, describe });
    this.rows = [];
    this.cursor = null;
    this.pool = new Map();
    this.free = [];
    this.head = el("div", { class: "grid-head", role: "row" },
      ...columns.map(column => el("div", { role: "columnheader", class: column.className ?? "" }, column.label)));
    this.space = el("div", { class: "grid-rows", role: "rowgroup" });
    this.body = el("div", { class: "grid-body", tabindex: "0", role: "grid", "aria-label": label, "aria-readonly": "true" }, this.space);
    this.foot = el("p", { class: "foot", hidden: true });
    this.element = el("div", { class: "grid" }, this.head, this.body, this.foot);
    this.width = -1;
    this.visible = columns.map(() => true);
    this.body.addEventListener("scroll", () => this.paint(), { passive: true });
    this.body.addEventListener("keydown", event => this.#onKey(event));
    this.body.addEventListener("click", event => this.#onClick(event));
    this.narrow = matchMedia("(max-width: 800px)");
  }

  get height() { return this.narrow.matches ? this.phoneRowHeight : this.rowHeight; }

  get current() { return this.rows.find(row => this.keyOf(row) === this.cursor) ?? null; }

  show(rows, footnote = "") {
    this.rows = rows;
    this.body.setAttribute("aria-rowcount", String(rows.length));
    this.foot.hidden = footnote === "";
    say(this.foot, footnote);
    this.paint();
  }

  /** Leaves out what there is no room for. */
  #layOut() {
    const width = this.element.clientWidth;
    if (width === this.width) return;
    this.width = width;
    const least = column => Number(/\d+/.exec(column.width)[0]) + 12;
    const shown = new Set(this.columns);
    const total = () => [...shown].reduce((sum, column) => sum + least(column), 16);
    const losable = this.columns.filter(column => column.drop).sort((a, b) => b.drop - a.drop);
    while (!this.narrow.matches && total() > width && losable.length > 0) shown.delete(losable.shift());
    this.visible = this.columns.map(column => shown.has(column));
    this.element.style.setProperty("--cols", this.columns.filter(column => shown.has(column)).map(column => column.width).join(" "));
    this.#hide(this.head.children);
    for (const line of [...this.pool.values(), ...this.free]) this.#hide(line.cells);
  }

  #hide(cells) {
    for (let i = 0; i < cells.length; i++) cells[i].hidden = !this.visible[i];
  }

  /** Puts the rows that are seen where they belong, and their values into them. */
  paint() {
    this.#layOut();
    const height = this.height;
    const tall = `${this.rows.length * height}px`;
    if (this.space.style.height !== tall) this.space.style.height = tall;
    const first = Math.max(0, Math.floor(this.body.scrollTop / height) - spare);
    const last = Math.min(this.rows.length, Math.ceil((this.body.scrollTop + (this.body.clientHeight || 600)) / height) + spare);
    const wanted = new Map();
    for (let i = first; i < last; i++) wanted.set(this.keyOf(this.rows[i]), i);
    for (const [key, line] of this.pool) {
      if (!wanted.has(key)) {
        this.pool.delete(key);
        line.element.remove();
        this.free.push(line);
      }
    }
    for (const [key, index] of wanted) this.#place(key, index, height);
  }

  #place(key, index, height) {
    let line = this.pool.get(key);
    if (!line) {
      line = this.free.pop() ?? this.#newLine();
      line.element.dataset.key = key;
      line.element.id = `row-${this.body.id || "g"}-${key}`;
      this.pool.set(key, line);
      this.space.append(line.element);
    }
    const row = this.rows[index];
    const { element, cells } = line;
    const shift = `translateY(${index * height}px)`;
    if (element.style.transform !== shift) element.style.transform = shift;
    const tall = `${height}px`;
    if (element.style.height !== tall) element.style.height = tall;
    if (line.index !== index) {
      element.setAttribute("aria-rowindex", String(index + 1));
      line.index = index;
    }
    const isCursor = key === this.cursor;
    element.classList.toggle("cursor", isCursor);
    element.setAttribute("aria-selected", String(key === this.selected));
    if (isCursor) this.body.setAttribute("aria-activedescendant", element.id);
    const about = this.describe?.(row);
    if (about && line.about !== about) element.setAttribute("aria-label", line.about = about);
    this.columns.forEach((column, i) => this.visible[i] && column.fill(cells[i], row));
  }

  #newLine() {
    const cells = this.columns.map(column => {
      const cell = el("div", { role: "gridcell", class: column.className ?? "" });
      if (column.cell) cell.append(...[column.cell()].flat());
      return cell;
    });
    this.#hide(cells);
    return { element: el("div", { class: "grid-row", role: "row" }, ...cells), cells };
  }

  moveTo(index) {
    if (this.rows.length === 0) return;
    const at = Math.max(0, Math.min(this.rows.length - 1, index));
    this.cursor = this.keyOf(this.rows[at]);
    const [top, height] = [at * this.height, this.height];
    if (top < this.body.scrollTop) this.body.scrollTop = top;
    else if (top + height > this.body.scrollTop + this.body.clientHeight) this.body.scrollTop = top + height - this.body.clientHeight;
    this.paint();
  }

  move(steps) {
    const at = this.rows.findIndex(row => this.keyOf(row) === this.cursor);
    this.moveTo(at < 0 ? 0 : at + steps);
    this.body.focus({ preventScroll: true });
  }

  #onKey(event) {
    const page = Math.max(1, Math.floor(this.body.clientHeight / this.height) - 1);
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity }[event.key];
    if (steps !== undefined) {
      event.preventDefault();
      if (Number.isFinite(steps)) this.move(steps);
      else this.moveTo(steps < 0 ? 0 : this.rows.length - 1);
    } else if (event.key === "Enter" && this.current) {
      event.preventDefault();
      this.onOpen(this.current);
    }
  }

  #onClick(event) {
    const key = event.target.closest(".grid-row")?.dataset.key;
    const row = this.rows.find(each => this.keyOf(each) === key);
    if (!row) return;
    this.cursor = key;
    this.onOpen(row);
  }
}
