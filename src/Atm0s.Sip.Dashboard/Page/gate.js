import { key } from "./api.js";
import { el } from "./dom.js";

// Asks for the key, once a tab.

export function askKey(wrong) {
  const gate = document.getElementById("gate");
  document.getElementById("app").hidden = true;
  return new Promise(resolve => {
    const input = el("input", { type: "password", id: "key", required: true, maxlength: 1024, autocomplete: "current-password", spellcheck: "false" });
    const error = el("p", { class: "error", role: "alert" }, wrong ? "This key is not known here." : "");
    const form = el("form", {}, el("img", { src: "logo.svg", alt: "", width: 44, height: 44 }),
      el("h1", {}, document.title), el("p", { class: "soft" }, "Enter a key of the control API. It stays in this tab and is forgotten with it."),
      el("label", {}, el("span", {}, "Key"), input), error, el("button", { type: "submit", class: "primary" }, "Look inside"));
    form.addEventListener("submit", event => {
      event.preventDefault();
      // What can't be a header can't be a key.
      if (!/^[\x21-\x7e]+$/.test(input.value.trim())) {
        error.textContent = "A key holds letters, digits and signs, without blanks.";
        return;
      }
      key.set(input.value.trim());
      gate.hidden = true;
      gate.replaceChildren();
      resolve();
    });
    gate.replaceChildren(form);
    gate.hidden = false;
    input.focus();
  });
}
