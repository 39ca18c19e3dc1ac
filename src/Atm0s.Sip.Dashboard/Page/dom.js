// Elements without markup in strings: the page never parses HTML, so nothing a stranger sends can become any.

const svgNamespace = "http://www.w3.org/2000/svg";

/** Makes an element: el("button", { type: "button", onclick }, "Mute"). */
export function el(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "class") element.className = value;
    else if (name === "data") Object.assign(element.dataset, value);
    else if (value === true) element.setAttribute(name, "");
    else element.setAttribute(name, String(value));
  }
  element.append(...children.filter(child => child !== null && child !== undefined && child !== false));
  return element;
}

/** A drawing of lines: icon("M2 2h10", "M4 4v8"). */
export function icon(...paths) {
  const element = document.createElementNS(svgNamespace, "svg");
  element.setAttribute("viewBox", "0 0 24 24");
  element.setAttribute("aria-hidden", "true");
  for (const path of paths) {
    const line = document.createElementNS(svgNamespace, "path");
    line.setAttribute("d", path);
    element.append(line);
  }
  return element;
}

/** Writes a text only where it changed: a text node that is written again is laid out again. */
export function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

export function classed(element, name) {
  if (element.className !== name) element.className = name;
}

/** What stands where there is nothing: a drawing, a heading and a helpful word. */
export function empty(paths, heading, ...words) {
  return el("div", { class: "empty" }, icon(...paths), el("h2", {}, heading), el("p", {}, ...words));
}

export const drawings = {
  calls: ["M5 4h4l2 5-2.5 1.5a11 11 0 0 0 5 5L15 13l5 2v4a2 2 0 0 1-2 2A16 16 0 0 1 3 6a2 2 0 0 1 2-2"],
  rooms: ["M8 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6", "M2.5 20c0-3 2.5-5 5.5-5s5.5 2 5.5 5", "M16 5.5a3 3 0 0 1 0 5.5", "M17 15c2.5.5 4.5 2.3 4.5 5"],
  phones: ["M7 3h10a1 1 0 0 1 1 1v16a1 1 0 0 1-1 1H7a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1", "M11 18h2"],
  trunks: ["M4 12h16", "M4 12l4-4", "M4 12l4 4", "M20 12l-4-4", "M20 12l-4 4"],
  ended: ["M12 7v5l3 2", "M21 12a9 9 0 1 1-3-6.7", "M21 3v4h-4"],
  health: ["M3 12h4l3-7 4 14 3-7h4"],
};

let toastTimer = 0;

/** Says something for some seconds, to eyes and to screen readers. */
export function toast(text, bad = false) {
  const box = document.getElementById("toasts");
  box.replaceChildren(el("p", { class: bad ? "bad" : "" }, text));
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => box.replaceChildren(), bad ? 7000 : 3500);
}
