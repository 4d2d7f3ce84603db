// Tells this house, and nobody else, what is looked at, searched and tapped. Whoever has not agreed to be known is not named there.
// Nothing is told when the browser asks not to be followed. A page never waits for it.
const silent = navigator.globalPrivacyControl || navigator.doNotTrack === "1";
const waiting = [];
const key = () => crypto.randomUUID?.() ?? Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
const tell = (kind, more = {}) => { if (!silent) waiting.push({ kind, key: key(), ...more }); };

function send() {
  while (waiting.length) {
    const form = new FormData();
    form.append("csrfmiddlewaretoken", document.querySelector("meta[name=csrf]")?.content ?? "");
    form.append("deeds", JSON.stringify(waiting.splice(0, 30)));
    if (!navigator.sendBeacon("/deeds", form)) return;
  }
}
document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") send(); });
setInterval(send, 15000);

const storeOf = (address) => /^\/stores\/(st-[0-9a-z]{13})(?:\/|$)/.exec(new URL(address, location.href).pathname)?.[1];

// A store that is looked at, and for how long it was before the eyes.
const store = document.querySelector("[data-store]")?.dataset.store;
if (store) {
  tell("view", { store });
  let since = document.visibilityState === "visible" ? performance.now() : 0, seen = 0;
  const pause = () => { if (since) seen += performance.now() - since; since = 0; };
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") { since = performance.now(); return; }
    pause();
    const seconds = Math.min(3600, Math.round(seen / 1000));
    if (seconds) { tell("dwell", { store, seconds }); seen = 0; send(); }
  });
}

// What is searched, also when only the list of answers was changed.
let last = "";
const searched = () => {
  const text = document.querySelector("[data-searched]")?.dataset.searched ?? "";
  if (text && text !== last) tell("search", { text: text.slice(0, 80) });
  last = text;
};
searched();
document.addEventListener("htmx:afterSettle", searched);

// A store tapped in a list: in which, and at which place.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href]");
  const list = link?.closest("[data-section]");
  const named = list && storeOf(link.href);
  if (!named) return;
  const shown = [...new Set([...list.querySelectorAll("a[href]")].map((one) => storeOf(one.href)).filter(Boolean))];
  tell("click", { store: named, section: list.dataset.section, place: shown.indexOf(named) + 1, listed: list.dataset.listed ?? "" });
});

// A dish put into the cart.
document.addEventListener("submit", (event) => {
  const to = new URL(event.target.action, location.href).pathname;
  const offer = new FormData(event.target).get("offer");
  if (to.endsWith("/add") && storeOf(to)) tell("cart", { store: storeOf(to), ...(offer ? { offer: String(offer) } : {}) });
});

// Which way of an experiment this page shows.
for (const shown of document.querySelectorAll("[data-arm]")) tell("exposure", { section: shown.dataset.experiment, arm: shown.dataset.arm });

// A list of suggestions that came before the eyes, once.
const seen = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) if (isIntersecting) { seen.unobserve(target); tell("exposure", { shown: target.dataset.shown }); }
}, { threshold: 0.5 });
for (const list of document.querySelectorAll("[data-shown]")) seen.observe(list);
