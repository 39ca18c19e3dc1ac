// Shortcuts: single keys, never while somebody types.

export function startKeys(actions) {
  document.addEventListener("keydown", event => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || document.querySelector("dialog[open]")) return;
    if (document.getElementById("app").hidden) return;
    const typing = event.target.matches?.("input, select, textarea");
    if (event.key === "Escape") {
      if (typing) event.target.blur();
      actions.escape();
      return;
    }
    if (typing) return;
    // Arrows scroll what is in focus.
    if (event.key.startsWith("Arrow") && event.target.closest?.("#detail, .cards, .health")) return;
    const action = actions[event.key] ?? actions[event.key.toLowerCase()];
    if (!action) return;
    event.preventDefault();
    action(event.key);
  });
}
