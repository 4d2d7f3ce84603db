// The board: reads itself anew when the store is told something (and now and then), never while somebody is typing in it,
// and rings when an order appears that was not there before.
import { chime } from "../look/sound.js";

const board = () => document.getElementById("board");
const fresh = () => new Set([...document.querySelectorAll("[data-new]")].map((order) => order.dataset.new));
const busy = () => board()?.querySelector("details[open]") || (board()?.contains(document.activeElement) && document.activeElement.matches("input, select"));
let known = fresh();

const refresh = () => { if (!busy()) window.htmx?.trigger(board(), "board-refresh"); };
document.body.addEventListener("live:any", () => setTimeout(refresh, 300));
setInterval(refresh, 12000);

const bell = document.querySelector("[data-bell]");
let on = localStorage.getItem("linli-bell") === "1";
const show = () => bell?.setAttribute("aria-pressed", String(on));
bell?.addEventListener("click", () => {
  on = !on;
  localStorage.setItem("linli-bell", on ? "1" : "0");
  show();
  if (on) chime();
});
show();

// The number at the side follows the board.
const count = (number) => {
  const way = document.querySelector('.side a[href$="/orders"]');
  const badge = way?.querySelector(".count") ?? document.createElement("span");
  badge.className = "count";
  badge.textContent = number;
  if (number) way?.append(badge); else badge.remove();
};

document.addEventListener("htmx:afterSettle", () => {
  const now = fresh();
  count(now.size);
  if (on && [...now].some((order) => !known.has(order))) chime();
  known = now;
});
