// What a courier's page does beyond links and forms: seconds that run, and where the phone is.
const later = () => document.querySelectorAll("[data-left]").forEach((words) => {
  words.dataset.ends ??= Date.now() + Number(words.dataset.left) * 1000;
  const left = Math.max(0, Math.ceil((Number(words.dataset.ends) - Date.now()) / 1000));
  const card = words.closest(".offer");
  words.querySelector("b").textContent = left;
  card.querySelector("progress").value = (Number(words.dataset.ends) - Date.now()) / 1000;
  card.classList.toggle("over", left === 0);
});
setInterval(later, 250);

const find = (options) => new Promise((done) => {
  if (!navigator.geolocation) return done(null);
  navigator.geolocation.getCurrentPosition((found) => done(found.coords), () => done(null), { timeout: 5000, maximumAge: 15000, ...options });
});

// A form that asks where one is: when nothing was tapped or typed, the phone says it; when it may not, the server decides.
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("[data-place]") || form.dataset.found) return;
  if (form.elements.lat.value || form.elements.place?.value) return;
  event.preventDefault();
  form.dataset.found = "1";
  const coords = await find({ enableHighAccuracy: true });
  if (coords) [form.elements.lat.value, form.elements.lng.value] = [coords.latitude.toFixed(6), coords.longitude.toFixed(6)];
  delete form.dataset.sent;
  form.submit();
});

// On duty, measured positions are sent together every few seconds, oldest first, and kept while there is no connection.
const place = document.querySelector("[data-positions]");
if (place && navigator.geolocation && window.isSecureContext) {
  const waiting = [];
  navigator.geolocation.watchPosition(
    (found) => { waiting.push([found.coords.latitude, found.coords.longitude, Date.now()]); if (waiting.length > 400) waiting.shift(); },
    () => {}, { enableHighAccuracy: true, maximumAge: 5000 },
  );
  setInterval(async () => {
    const sending = waiting.splice(0);
    if (!sending.length) return;
    const points = sending.map(([lat, lng, when]) => [lat, lng, (Date.now() - when) / 1000]);
    const headers = { "Content-Type": "application/json", "X-CSRFToken": document.querySelector("meta[name=csrf]").content };
    const sent = await fetch(place.dataset.positions, { method: "POST", headers, body: JSON.stringify({ points }) }).catch(() => null);
    if (!sent) waiting.unshift(...sending);
  }, 8000);
}

// Somebody who is choosing a reason or typing is not interrupted by news; the next news comes soon.
document.addEventListener("htmx:beforeRequest", (event) => {
  const part = event.detail.elt;
  if (part.id === "now" && part.querySelector("details[open], input:focus")) event.preventDefault();
});
