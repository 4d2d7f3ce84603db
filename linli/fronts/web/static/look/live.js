// What happens elsewhere, told to this page. An element with data-live="<token>" opens one stream; each event of it is
// dispatched on the body as live:<name> (with its data) and as live:any, so that a part refreshes itself by htmx:
//   <section hx-get="/orders/…" hx-trigger="live:order from:body, live:job from:body, every 30s" hx-swap="outerHTML">
// and map.js moves its marks. data-live-names lists the events to hear (space separated): order, promise, job, position on an
// order; order, job, courier in a city; offer, job for a courier; message for a person.
const place = document.querySelector("[data-live]");
let stream;

const tell = (event) => {
  let data = {};
  try { data = JSON.parse(event.data || "{}"); } catch { /* a heartbeat */ }
  for (const name of [`live:${event.type.replaceAll(".", "-")}`, "live:any"]) document.body.dispatchEvent(new CustomEvent(name, { detail: { ...data, event: event.type } }));
};
function open() {
  stream?.close();
  stream = new EventSource(`/live?t=${encodeURIComponent(place.dataset.live)}`);
  stream.onmessage = tell;
  for (const name of (place.dataset.liveNames ?? "order promise job offer position courier case review message").split(" ")) if (name !== "message") stream.addEventListener(name, tell);
  stream.onopen = () => { document.documentElement.dataset.line = "open"; };
  stream.onerror = () => { document.documentElement.dataset.line = "lost"; };
}
if (place?.dataset.live) {
  open();
  addEventListener("pagehide", () => stream?.close());
  addEventListener("pageshow", (event) => { if (event.persisted) open(); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden && stream.readyState === EventSource.CLOSED) open(); });
}
