// The page: shows what the phone tells, and tells it what is pressed.
import { startRinging, clickKey } from "./ringer.js";
import { Talkers } from "./talkers.js";

const $ = (id) => document.getElementById(id);
const keys = [["1", ""], ["2", "ABC"], ["3", "DEF"], ["4", "GHI"], ["5", "JKL"], ["6", "MNO"], ["7", "PQRS"], ["8", "TUV"], ["9", "WXYZ"], ["*", ""], ["0", "+"], ["#", ""]];
const views = ["sign-in", "idle", "ringing", "in-call"];
const talkers = new Talkers($("people"));
let phone, stopRinging, clock, muted = false, view = "sign-in";

function show(next) {
  view = next;
  for (const id of views) $(id).hidden = id !== next;
  if (next === "idle") $("number").focus();
  if (next === "ringing") $("answer").focus();
  if (next === "in-call") $("mute").focus();
  if (next === "sign-in") $("user").focus();
}

function status(text, state) { $("status").textContent = text; $("status").dataset.state = state; }

// Theme: the system's, until somebody chooses.
const dark = matchMedia("(prefers-color-scheme: dark)");
const theme = () => localStorage.getItem("theme") ?? (dark.matches ? "dark" : "light");
const paint = () => { document.documentElement.dataset.theme = theme(); };
dark.addEventListener("change", paint);
$("theme").addEventListener("click", () => { localStorage.setItem("theme", theme() === "dark" ? "light" : "dark"); paint(); });
paint();

function makePad(pad, onKey) {
  for (const [key, letters] of keys) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = key;
    button.ariaLabel = key === "*" ? "star" : key === "#" ? "pound" : key;
    button.dataset.key = key;
    const small = button.appendChild(document.createElement("small"));
    small.textContent = letters;
    button.addEventListener("click", () => onKey(key));
    pad.append(button);
  }
}
makePad($("pad"), (key) => { $("number").value += key; clickKey(); });
makePad($("keys"), (key) => { phone.digit(key); clickKey(); });

const scheme = location.protocol === "https:" ? "wss" : "ws";
$("server").value = `${scheme}://${location.host}/sip`;
$("domain").value = location.hostname;
$("user").value = sessionStorage.getItem("user") ?? "";

$("sign-in").addEventListener("submit", async (event) => {
  event.preventDefault();
  const user = $("user").value.trim();
  const button = event.submitter ?? $("sign-in").querySelector("button[type=submit]");
  button.disabled = true;
  $("sign-in-error").textContent = "";
  try {
    phone = await newPhone();
    status("Signing in", "busy");
    await phone.start({ user, password: $("password").value, server: $("server").value.trim(), domain: $("domain").value.trim() });
    sessionStorage.setItem("user", user);
    $("who").textContent = user;
    $("leave").hidden = false;
    show("idle");
  } catch (error) {
    $("sign-in-error").textContent = error.message;
    status("Signed out", "off");
    const failed = phone;
    phone = undefined;
    failed?.stop();
  }
  button.disabled = false;
});

async function newPhone() {
  let Phone;
  try {
    ({ Phone } = await import("./phone.js"));
  } catch {
    throw new Error("SIP.js is missing on this server: it was built without npm.");
  }
  const made = new Phone();
  made.addEventListener("state", ({ detail }) => detail.state === "ready" ? status("Ready", "ready") : status("Connecting again", "lost"));
  made.addEventListener("ringing", ({ detail }) => onRinging(detail.from));
  made.addEventListener("refused", ({ detail }) => { $("note").textContent = detail.status === 404 ? "Nobody is there by this number." : detail.status === 486 ? "Busy." : `Refused: ${detail.reason}.`; });
  made.addEventListener("up", ({ detail }) => onUp(detail));
  made.addEventListener("ended", onEnded);
  return made;
}

$("dial-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const number = $("number").value.trim();
  if (!number || !phone || phone.session) return;
  $("note").textContent = "";
  open(number, "Calling");
  try {
    await phone.call(number);
  } catch (error) {
    onEnded();
    $("note").textContent = error.message;
  }
});

function open(name, state) {
  $("room").textContent = name;
  $("call-state").textContent = state;
  $("time").textContent = "";
  $("lock").hidden = true;
  setMuted(false);
  show("in-call");
}

function onRinging(from) {
  $("ring-from").textContent = from;
  $("ring-face").textContent = (from[0] ?? "?").toUpperCase();
  stopRinging = startRinging();
  show("ringing");
}

async function answer() {
  stopRinging?.();
  open($("ring-from").textContent, "Connecting");
  try {
    await phone.answer();
  } catch (error) {
    onEnded();
    $("note").textContent = error.message;
  }
}

function onUp({ name, stream }) {
  stopRinging?.();
  $("remote").srcObject = stream;
  $("remote").play?.().catch(() => {});
  $("room").textContent = name;
  $("call-state").textContent = "Connected";
  $("lock").hidden = false;
  const since = Date.now();
  clearInterval(clock);
  clock = setInterval(() => {
    const seconds = Math.floor((Date.now() - since) / 1000);
    $("time").textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  }, 500);
  talkers.start(phone.callId);
}

function onEnded() {
  stopRinging?.();
  stopRinging = undefined;
  clearInterval(clock);
  talkers.stop();
  $("remote").srcObject = null;
  $("keys").hidden = true;
  $("digits").ariaPressed = "false";
  if (phone) show("idle");
}

function setMuted(value) {
  muted = value;
  phone?.mute(value);
  $("mute").ariaPressed = String(value);
  $("mute").querySelector("span").textContent = value ? "Unmute" : "Mute";
}

$("answer").addEventListener("click", answer);
$("decline").addEventListener("click", () => phone.hangUp());
$("hang-up").addEventListener("click", () => phone.hangUp());
$("mute").addEventListener("click", () => setMuted(!muted));
$("digits").addEventListener("click", () => { $("keys").hidden = !$("keys").hidden; $("digits").ariaPressed = String(!$("keys").hidden); });
$("leave").addEventListener("click", async () => {
  const leaving = phone;
  phone = undefined;
  leaving.hangUp();
  onEnded();
  await leaving.stop();
  $("leave").hidden = true;
  $("who").textContent = "Phone";
  $("password").value = "";
  status("Signed out", "off");
  show("sign-in");
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || view === "sign-in") return;
  const isTyping = event.target.matches("input");
  if (event.key === "Escape" && (view === "in-call" || view === "ringing")) phone.hangUp();
  else if (view === "ringing" && event.key === "Enter" && event.target !== $("decline")) { event.preventDefault(); answer(); }
  else if (isTyping) return;
  else if (view === "in-call" && /^[0-9*#]$/.test(event.key)) phone.digit(event.key);
  else if (view === "in-call" && event.key.toLowerCase() === "m") setMuted(!muted);
  else if (view === "idle" && /^[0-9*#+]$/.test(event.key)) { $("number").value += event.key; $("number").focus(); event.preventDefault(); }
});
addEventListener("pagehide", () => phone?.leave());

// For tests and the curious.
globalThis.webPhone = { get current() { return phone; } };
show("sign-in");
