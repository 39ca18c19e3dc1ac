import { forgetColours } from "./chart.js";

// Dark or light: as the system, unless somebody chose.

const place = "atm0s-sip-theme";
const system = matchMedia("(prefers-color-scheme: dark)");
const order = ["auto", "dark", "light"];
const texts = { auto: ["◐", "As the system"], dark: ["☾", "Dark"], light: ["☀", "Light"] };

let chosen = localStorage.getItem(place) ?? "auto";

export function startTheme(button, onChange) {
  const apply = () => {
    const dark = chosen === "dark" || (chosen === "auto" && system.matches);
    document.documentElement.dataset.theme = dark ? "dark" : "light";
    document.documentElement.style.colorScheme = dark ? "dark" : "light";
    const [sign, text] = texts[chosen] ?? texts.auto;
    const [mark, word] = [document.createElement("span"), document.createElement("span")];
    mark.setAttribute("aria-hidden", "true");
    mark.textContent = sign;
    word.className = "word";
    word.textContent = text;
    button.replaceChildren(mark, word);
    button.setAttribute("aria-label", `Colours: ${text}`);
    forgetColours();
    onChange();
  };
  const next = () => {
    chosen = order[(order.indexOf(chosen) + 1) % order.length];
    localStorage.setItem(place, chosen);
    apply();
  };
  system.addEventListener("change", apply);
  button.addEventListener("click", next);
  apply();
  return next;
}
