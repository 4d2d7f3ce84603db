// A map drawn by ourselves with Leaflet: the city beneath (lines, waters, parks as vectors that follow light and dark),
// the marks above. Loaded only when a page has one; see web/parts/map.html for the data it reads.
const SIGNS = {
  store: "M4.5 10v10.5h15V10M3.5 8l1.7-4.5h13.6L20.5 8a2.8 2.8 0 0 1-5.6 0 2.8 2.8 0 0 1-5.7 0 2.8 2.8 0 0 1-5.7 0Z",
  home: "M3.5 11 12 4l8.5 7M5.5 9.5V20h13V9.5",
  courier: "M6 19.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7Zm12 0a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7ZM6 16l3.5-7h6L18 16M9 10.5 12.5 16H6m9.5-7L14.5 6h3",
  car: "M4 17.5v-4.5l2-6h12l2 6v4.5ZM4 13h16M6 17.5V20m12-2.5V20M7.5 15.3h.01m8.99 0h.01",
  you: "M12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6Z",
};
const once = new Map();
const keep = (name, make) => once.get(name) ?? once.set(name, make()).get(name);
const arrive = (node) => new Promise((done, fail) => { node.onload = done; node.onerror = fail; document.head.append(node); });
const leaflet = (place) => keep("leaflet", async () => {
  await Promise.all([
    arrive(Object.assign(document.createElement("link"), { rel: "stylesheet", href: place.dataset.leafletCss })),
    arrive(Object.assign(document.createElement("script"), { src: place.dataset.leaflet })),
  ]);
  return window.L;
});
const city = (place) => keep(place.dataset.base, () => fetch(place.dataset.base).then((answer) => answer.json()));

// Corners become curves (Chaikin), so that few hand-drawn corners look like a road.
const soft = (way, closed) => {
  for (let turn = 0; turn < 2; turn++) {
    const cut = [];
    for (let i = 0; i < way.length - (closed ? 0 : 1); i++) {
      const [a, b] = [way[i], way[(i + 1) % way.length]];
      cut.push([a[0] * 0.75 + b[0] * 0.25, a[1] * 0.75 + b[1] * 0.25], [a[0] * 0.25 + b[0] * 0.75, a[1] * 0.25 + b[1] * 0.75]);
    }
    way = closed ? cut : [way[0], ...cut, way.at(-1)];
  }
  return way;
};
const middle = (way) => [way.reduce((sum, point) => sum + point[0], 0) / way.length, way.reduce((sum, point) => sum + point[1], 0) / way.length];

function ground(L, map, base) {
  map.createPane("ground").style.zIndex = 210;
  const names = map.createPane("names");
  names.style.zIndex = 220;
  names.style.pointerEvents = "none";
  const renderer = L.svg({ pane: "ground", padding: 0.3 });
  const plain = { pane: "ground", renderer, interactive: false };
  const still = L.layerGroup().addTo(map);
  for (const kind of ["park", "palace", "water"]) for (const area of base.areas) if (area.kind === kind) L.polygon(kind === "palace" ? area.way : soft(area.way, true), { ...plain, className: `ground-${kind}`, stroke: false, fillOpacity: 1 }).addTo(still);
  for (const way of base.rivers) L.polyline(soft(way), { ...plain, className: "ground-river", weight: 5 }).addTo(still);
  for (const cased of [true, false]) for (const { kind, way } of base.roads) {
    const style = { ...plain, className: cased ? "ground-case" : "ground-road", weight: (kind === "ring" ? 7 : 5) - (cased ? 0 : 2), fill: false };
    if (kind !== "axis") (kind === "ring" ? L.polygon(soft(way, true), style) : L.polyline(soft(way), style)).addTo(still);
  }
  for (const line of base.lines) L.polyline(line.way, { ...plain, className: "ground-line", color: line.colour, weight: 2.5 }).addTo(still);
  const near = L.layerGroup().addTo(map);
  const name = (at, text, kind) => L.marker(at, { pane: "names", interactive: false, keyboard: false, icon: L.divIcon({ className: `place-name ${kind}`, html: "", iconSize: null }) }).on("add", (event) => { event.target.getElement().textContent = text; }).addTo(near);
  const fill = () => {
    near.clearLayers();
    const zoom = map.getZoom(), seen = map.getBounds().pad(0.1), taken = [];
    const free = (at) => { const p = map.latLngToLayerPoint(at); if (taken.some((q) => Math.abs(p.x - q.x) < 70 && Math.abs(p.y - q.y) < 18)) return false; taken.push(p); return true; };
    if (zoom >= 12) for (const area of base.areas) if (zoom >= 14 || area.kind !== "water") { const at = middle(area.way); if (seen.contains(at) && area.way.length && free(at)) name(at, area.name, "area"); }
    for (const [lat, lng, text, lines] of base.stations) {
      if (zoom < 11 || !seen.contains([lat, lng])) continue;
      L.circleMarker([lat, lng], { ...plain, className: "ground-stop", radius: (zoom >= 13 ? 3 : 1.8) + (lines > 1 ? 1.2 : 0), weight: 1.4 }).addTo(near);
      if ((zoom >= 14 || (zoom >= 12 && lines > 1)) && free([lat, lng])) name([lat, lng], text, "stop");
    }
  };
  map.on("moveend zoomend", fill);
  return fill;
}

const sign = (kind) => `<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="${SIGNS[kind === "late" ? "courier" : kind] ?? SIGNS.you}"/></svg>`;
const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
function glide(mark, to) {
  const from = mark.getLatLng(), began = performance.now(), long = calm ? 0 : 900;
  cancelAnimationFrame(mark.step);
  const step = (now) => {
    const share = long ? Math.min(1, (now - began) / long) : 1;
    mark.setLatLng([from.lat + (to[0] - from.lat) * share, from.lng + (to[1] - from.lng) * share]);
    if (share < 1) mark.step = requestAnimationFrame(step);
  };
  step(began);
}

function marks(L, map) {
  const there = new Map(), ways = L.layerGroup().addTo(map);
  const put = (mark) => {
    const old = there.get(mark.id), kind = `mark ${mark.kind} ${mark.idle ? "idle" : ""} ${mark.dotty ? "dotty" : ""} ${mark.little ? "little" : ""}`.replace(/ +/g, " ").trim();
    if (old && old.kind === kind) return glide(old, [mark.lat, mark.lng]);
    old?.remove();
    const made = L.marker([mark.lat, mark.lng], { title: mark.label ?? "", alt: mark.label ?? "", keyboard: Boolean(mark.href), zIndexOffset: mark.kind === "courier" || mark.kind === "car" ? 500 : 0, icon: L.divIcon({ className: kind, html: sign(mark.kind), iconSize: null }) });
    if (mark.label) made.bindTooltip(() => { const box = document.createElement("span"); box.textContent = mark.label; return box; }, { direction: "top", offset: [0, -14] });
    if (mark.href) made.on("click keypress", () => { location.href = mark.href; });
    made.kind = kind;
    there.set(mark.id, made.addTo(map));
  };
  return {
    show(data) {
      const seen = new Set((data.marks ?? []).map((mark) => mark.id));
      for (const [id, mark] of there) if (!seen.has(id)) { mark.remove(); there.delete(id); }
      (data.marks ?? []).forEach(put);
      ways.clearLayers();
      (data.lines ?? []).forEach((way) => L.polyline(way, { className: "way-line", weight: 4, interactive: false }).addTo(ways));
    },
    move(told) { const mark = there.get(String(told.id ?? told.courier ?? "courier")); if (mark && told.lat && told.lng) glide(mark, [told.lat, told.lng]); },
  };
}

function pick(map, data, form, put) {
  const [lat, lng] = [form.querySelector("[name=lat]"), form.querySelector("[name=lng]")];
  map.on("click", (event) => {
    [lat.value, lng.value] = [event.latlng.lat.toFixed(6), event.latlng.lng.toFixed(6)];
    put({ ...data, marks: [...(data.marks ?? []).filter((mark) => mark.id !== "picked"), { id: "picked", kind: "home", lat: event.latlng.lat, lng: event.latlng.lng }] });
    lat.dispatchEvent(new Event("change", { bubbles: true }));
  });
}

export async function draw(place) {
  if (place.dataset.drawn) return;
  place.dataset.drawn = "1";
  const data = JSON.parse(place.querySelector("script[type='application/json']")?.textContent || "{}");
  const [L, base] = await Promise.all([leaflet(place), city(place)]);
  place.querySelector(".map-words")?.remove();
  const map = L.map(place, { minZoom: 9, maxZoom: 17, zoomControl: false, attributionControl: true, scrollWheelZoom: false, zoomSnap: 0.5 });
  map.attributionControl.setPrefix(false).addAttribution(`${place.dataset.schematic} · © <a href="https://www.openstreetmap.org/copyright" rel="noopener">OpenStreetMap</a> ODbL · beijing-subway-gtfs MPL-2.0`);
  L.control.zoom({ position: "topright" }).addTo(map);
  map.on("focus", () => map.scrollWheelZoom.enable()).on("blur", () => map.scrollWheelZoom.disable());
  const fill = ground(L, map, base), above = marks(L, map);
  const points = [...(data.marks ?? []).map((mark) => [mark.lat, mark.lng]), ...(data.lines ?? []).flat()];
  if (data.fit && points.length > 1) map.fitBounds(points, { padding: [44, 44], maxZoom: 14.5 });
  else map.setView(data.centre ?? points[0] ?? [39.9087, 116.3975], data.zoom ?? 13);
  above.show(data);
  fill();
  const form = data.pick && document.querySelector(data.pick);
  if (form) pick(map, data, form, above.show);
  const again = () => place.isConnected && place.dataset.src && !document.hidden && fetch(place.dataset.src).then((answer) => (answer.ok ? answer.json() : null)).then((fresh) => fresh && above.show(fresh)).catch(() => {});
  for (const name of ["live:position", "live:courier"]) document.body.addEventListener(name, (event) => above.move(event.detail));
  let soon;
  document.body.addEventListener("live:any", (event) => { if (!["position", "courier", "hello"].includes(event.detail.event)) soon ??= setTimeout(() => { soon = undefined; again(); }, 1500); });
  if (place.dataset.src) { const beat = setInterval(() => (place.isConnected ? again() : clearInterval(beat)), Number(data.every_ms ?? 15000)); }
  new ResizeObserver(() => map.invalidateSize()).observe(place);
  place.map = map;
}
