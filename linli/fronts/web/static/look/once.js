// A button that cannot be pressed twice: while its form is on the way it is busy, and a second press does nothing.
// It comes back when the page is shown again from the back button, or when an htmx answer has arrived.
const free = (form) => {
  delete form.dataset.sent;
  form.querySelectorAll("[data-busy]").forEach((button) => delete button.dataset.busy);
};
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method === "dialog" || form.method === "get") return;
  if (form.dataset.sent) { event.preventDefault(); event.stopImmediatePropagation(); return; }
  form.dataset.sent = "1";
  const button = event.submitter;
  if (button?.classList.contains("button")) button.dataset.busy = "";
  button?.setAttribute("aria-busy", "true");
}, true);
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.detail.elt.closest?.("form");
  if (form) { free(form); form.querySelectorAll("[aria-busy]").forEach((button) => button.removeAttribute("aria-busy")); }
});
addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(free));
