// The page is drawn by the server. This script takes the sections that change,
// keeps ages and times left up to date, and copies commands.
const root = document.documentElement;
let skew = Number(root.dataset.now) - Date.now(); // the server's clock may be a simulated one
let source, heard = Date.now(), asked = 0, again;

// Two largest units, rounded as everywhere in the doctor: "1 h 30 min".
function duration(ms) {
  if (ms < 9950) return Math.round(ms / 100) / 10 + " s";
  const two = (n, size, large, small) => Math.floor(n / size) + large + (n % size ? " " + n % size + small : "");
  const s = Math.round(ms / 1000), m = Math.round(ms / 60000), h = Math.round(ms / 3600000);
  if (s < 60) return s + " s";
  if (s < 3600) return two(s, 60, " min", " s");
  if (m < 1440) return two(m, 60, " h", " min");
  return two(h, 24, h < 48 ? " day" : " days", " h");
}

function tick() {
  const now = Date.now() + skew;
  for (const t of document.querySelectorAll("time[data-since], time[data-left]")) {
    let left = Date.parse(t.dateTime) - now;
    if ("past" in t.dataset) left = Math.min(left, 0); // a clock that was set back puts it into the future
    const text = left > 0 ? ("left" in t.dataset ? "" : "in ") + duration(left) : duration(-left) + " ago";
    if (t.textContent !== text) t.textContent = text;
  }
  if (Date.now() - Math.max(heard, asked) > 40000) listen();
  if (Date.now() - heard > 20000) lost();
  remind(now);
}

// A reminder is wanted by the button alone. It comes once for each moment, half an
// hour before, when the program has said again that the moment is the same.
const lead = 30 * 60e3;
let reminded = 0;
const reminds = () => localStorage.getItem("remind") === "yes" && globalThis.Notification?.permission === "granted";

async function remind(now) {
  if (now - reminded < 10e3 || !reminds()) return;
  reminded = now;
  for (const t of document.querySelectorAll("time[data-remind]")) {
    const left = Date.parse(t.dateTime) - now, what = t.dataset.remind;
    if (left <= 0 || left > lead || localStorage.getItem(what) === t.dateTime) continue;
    const page = await fetch("/", { headers: { Accept: "text/html" } }).then((a) => a.text(), () => "");
    const fresh = new DOMParser().parseFromString(page, "text/html");
    if (!fresh.querySelector(`time[data-remind="${what}"][datetime="${t.dateTime}"]`) || localStorage.getItem(what) === t.dateTime) continue;
    localStorage.setItem(what, t.dateTime); // for the other tabs too
    const state = fresh.querySelector("[data-section=token] .state")?.textContent.trim();
    new Notification(what + " in " + duration(left), { body: "Token Status: " + state, tag: what, icon: "/icon.svg" }).onclick = () => focus();
  }
}

async function askToRemind() {
  const on = reminds();
  if (!on && (await globalThis.Notification?.requestPermission()) !== "granted") return say("This browser shows no notification of this page: allow it in the settings of the site.");
  localStorage.setItem("remind", on ? "no" : "yes");
  showReminds();
}

function showReminds() {
  const button = document.getElementById("remind");
  if (button) button.textContent = reminds() ? "Do not remind me" : "Remind me";
}

// morph makes one node like another and keeps what is the same, so that focus,
// selection and opened parts stay.
function morph(from, to) {
  if (from.nodeName !== to.nodeName || from.id !== to.id) return from.replaceWith(to);
  if (to.dataset?.keep !== undefined) return; // the script fills it
  if (from.nodeType !== Node.ELEMENT_NODE) return from.data !== to.data && (from.data = to.data);
  for (const a of [...from.attributes]) if (!to.hasAttribute(a.name) && !["open", "href"].includes(a.name)) from.removeAttribute(a.name);
  for (const a of to.attributes) if (from.getAttribute(a.name) !== a.value) from.setAttribute(a.name, a.value);
  children(from, to);
}

function drop(node) {
  const next = node.nextSibling;
  node.remove();
  return next;
}

// children makes the children alike. One with an id is found again where others
// come before it or go.
function children(from, to) {
  const kept = new Set([...to.children].map((n) => n.id).filter(Boolean));
  let at = from.firstChild;
  for (const n of [...to.childNodes]) {
    if (n.id && [...from.children].some((o) => o.id === n.id)) while (at && at.id !== n.id) at = drop(at);
    if (!at || (at.id && at.id !== n.id && kept.has(at.id))) {
      from.insertBefore(n, at);
      continue;
    }
    const next = at.nextSibling;
    morph(at, n);
    at = next;
  }
  while (at) at = drop(at);
}

function take(event) {
  const change = JSON.parse(event.data);
  if (change.version !== root.dataset.version) return location.reload();
  skew = change.now - Date.now();
  heard = Date.now();
  why = silent;
  root.dataset.place = event.lastEventId;
  for (const [name, html] of Object.entries(change.sections)) {
    const place = document.querySelector(`[data-section="${name}"]`), drawn = document.createElement("template");
    drawn.innerHTML = html;
    if (place) children(place, drawn.content);
  }
  const verdict = document.querySelector("header h2"), word = document.querySelector("header .badge");
  document.title = (word && word.textContent !== "PASS" ? word.textContent + ": " + verdict.textContent + " - " : "") + "Upstox Data";
  document.querySelector(".lost").hidden = true;
  root.classList.remove("stale");
  tick();
  loginLink();
  showReminds();
}

const silent = "upstox-doctor does not answer.";
let why = silent;

function lost() {
  const p = document.querySelector(".lost");
  const text = why + " What stands here was known at " + new Date(heard).toLocaleTimeString() + ". The page asks again by itself" + (why === silent ? "; start upstox-doctor again if it has ended." : ".");
  if (p.textContent !== text) p.textContent = text;
  p.hidden = false;
  root.classList.add("stale"); // what stands there loses its colour
}

// listen opens the one stream of this page, in place of an earlier one. A hidden tab
// holds none: a browser has few connections for one address.
function listen() {
  source?.close();
  clearTimeout(again);
  asked = Date.now();
  if (document.hidden) return;
  const mine = source = new EventSource("/events?after=" + encodeURIComponent(root.dataset.place));
  mine.onmessage = take;
  mine.onopen = () => root.classList.contains("ready") && session();
  mine.onerror = async () => {
    if (mine.readyState === EventSource.CLOSED) {
      again = setTimeout(listen, 5000);
      const answer = await fetch("/healthz").then(() => "Too many tabs show this page: close another.", () => silent);
      if (source !== mine) return; // another stream may be open since
      why = answer;
    }
    lost();
  };
}

document.addEventListener("visibilitychange", () => {
  listen();
  tick();
});
addEventListener("online", listen);

// The address of Upstox's login is told to the page of the session alone.
async function loginLink() {
  const link = document.getElementById("upstox-login");
  if (!link || link.href || !root.classList.contains("may")) return;
  const answer = await ask("/login/address", {});
  if (answer.ok) link.href = (await answer.json()).address;
}

function say(text) {
  document.querySelector(".said").textContent = text;
}

// ask sends what a button means, with the half of the session that is kept for
// this origin. The other half is a cookie.
async function ask(path, body, method = "POST") {
  const headers = { "Content-Type": "application/json", "Upstox-Doctor-Proof": localStorage.getItem("proof") ?? "" };
  try {
    const answer = await fetch(path, { method, headers, body: body && JSON.stringify(body) });
    if (answer.status === 401) root.classList.remove("may");
    if (!answer.ok && method === "POST") say(await answer.text());
    return answer;
  } catch {
    if (method === "POST") say("upstox-doctor did not answer, so that nothing was done. Start it again if it has ended.");
    return { ok: false };
  }
}

// session finds out whether the buttons work. Where nothing can be pressed, it
// does not ask. A browser that has just come from elsewhere may have neither its
// cookie nor its storage at once, so that a refusal is asked again.
async function session(again = 2) {
  if (document.querySelector(".only-looking").children.length) {
    const answer = await ask("/session", null, "GET");
    if (answer.ok) root.classList.add("may");
    else if (again > 0) setTimeout(session, 1000, again - 1);
  }
  root.classList.add("ready");
  loginLink();
  showReminds();
}

// The key of the address begins a session, once, and is not left in the history.
// It stays in the address until it is answered, so that a page that is loaded again
// before that has it still.
async function begin() {
  const key = new URLSearchParams(location.hash.slice(1)).get("key");
  if (key) {
    const answer = await ask("/session", { key });
    if (answer.ok) localStorage.setItem("proof", (await answer.json()).proof);
    if (answer.status) history.replaceState(null, "", location.pathname);
  }
  session();
}

async function copy(button) {
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = "Copied";
  } catch {
    getSelection().selectAllChildren(button.previousElementSibling);
    button.textContent = "Selected";
  }
  setTimeout(() => (button.textContent = "Copy"), 1500);
}

// What a button sends beside its meaning.
const bodies = {
  "/stream/start": () => ({ keys: document.getElementById("keys").value }),
  "/login/code": () => ({ text: document.getElementById("landed").value }),
  "/instruments": () => ({ text: document.getElementById("name").value }),
};

// press sends what a button means, and shows or saves the answer where it says so.
async function press(button) {
  const { post, into, save, wait } = button.dataset;
  say(wait ?? "");
  button.setAttribute("aria-disabled", "true");
  const answer = await ask(post, bodies[post]?.() ?? {});
  button.removeAttribute("aria-disabled");
  if (!answer.ok) return;
  if (wait) say("");
  if (into) document.getElementById(into).innerHTML = await answer.text();
  if (save) {
    const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(await answer.blob()), download: save });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60e3);
  }
}

function add(button) {
  const keys = document.getElementById("keys"), all = keys.value.split("\n").filter((k) => k.trim());
  if (!all.includes(button.dataset.add)) keys.value = [...all, button.dataset.add].join("\n");
  button.textContent = "Added";
  button.ariaLabel = button.ariaLabel.replace("Add ", "Added ");
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button || button.getAttribute("aria-disabled") === "true") return;
  const { copy: text, dialog, post } = button.dataset;
  if (text) copy(button);
  if (dialog) document.getElementById(dialog).showModal();
  if (button.dataset.add) add(button);
  if (button.id === "remind") askToRemind();
  if (post) press(button);
});
// Enter in a field is the button beside it.
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target.matches("input")) event.target.nextElementSibling?.click();
});
addEventListener("hashchange", begin);

begin();
listen();
tick();
setInterval(tick, 1000);
