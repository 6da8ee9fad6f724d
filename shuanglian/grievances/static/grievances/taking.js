// The clerks' desk: Ctrl+Enter keeps what was written, and after a call the next one begins at its first box.
(() => {
  "use strict";
  const form = document.getElementById("take-form");
  if (!form) return;
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  });
  const wrong = form.querySelector(".is-invalid, [aria-invalid=true]");
  const first = wrong || form.querySelector("[role=combobox]");
  if (first) first.focus({ preventScroll: Boolean(document.querySelector(".ta-taken")) });
})();
