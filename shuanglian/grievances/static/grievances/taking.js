// The clerks' desk: Ctrl+Enter keeps what was written, who was chosen leads on to the words, and after a call the next one begins at its first box.
(() => {
  "use strict";
  const form = document.getElementById("take-form");
  if (!form) return;
  form.addEventListener("keydown", (event) => {
    // Enter in the box chooses; before the list has come it must not send a form that is half empty
    if (event.key === "Enter" && event.target.matches("[role=combobox]") && !event.ctrlKey) event.preventDefault();
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  });
  form.addEventListener("area-picked", () => document.getElementById("id_text").focus());
  const wrong = form.querySelector(".is-invalid, [aria-invalid=true]");
  const first = wrong || form.querySelector("[role=combobox]");
  if (first) first.focus({ preventScroll: Boolean(document.querySelector(".ta-taken")) });
})();
