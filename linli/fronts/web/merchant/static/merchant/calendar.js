// A booking is dragged to another time, or to somebody else. The server decides and says why not; the form behind "Move" does the same
// by keyboard and by touch.
const form = document.getElementById("move");
let held = null, over = null;

const fits = (target) => {
  const cell = held && target.closest?.("td[data-time]");
  return cell && cell.dataset.kind === held.dataset.kind && !cell.contains(held) ? cell : null;
};
const mark = (cell) => {
  over?.classList.remove("drop");
  cell?.classList.add("drop");
  over = cell;
};

document.addEventListener("dragstart", (event) => {
  held = event.target.closest?.("[data-move]");
  if (!held) return;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", held.innerText);
  held.classList.add("held");
});
document.addEventListener("dragover", (event) => {
  const cell = fits(event.target);
  if (cell) event.preventDefault();
  if (cell !== over) mark(cell);
});
document.addEventListener("drop", (event) => {
  const cell = fits(event.target);
  if (!cell) return;
  event.preventDefault();
  form.action = held.dataset.move;
  form.elements.time.value = cell.dataset.time;
  form.elements.lead.value = cell.dataset.lead;
  form.requestSubmit();
});
document.addEventListener("dragend", () => {
  held?.classList.remove("held");
  mark(null);
  held = null;
});
