// Choosing a region: suggestions under the box, arrows and Enter or a click to choose; without it the text alone counts.
(() => {
  "use strict";
  if (window.shuanglianPicker) return;
  window.shuanglianPicker = true;

  const parts = (inside) => {
    const picker = inside.closest && inside.closest("[data-area-picker]");
    return picker && {
      picker, code: picker.querySelector("[data-area-code]"), box: picker.querySelector('[role="combobox"]'),
      list: picker.querySelector('[role="listbox"]'),
    };
  };
  const options = (p) => [...p.list.querySelectorAll('[role="option"]:not([aria-disabled="true"])')];
  const chosen = (p) => p.list.querySelector('[aria-selected="true"]');

  function show(p, yes) {
    p.list.hidden = !yes;
    p.box.setAttribute("aria-expanded", String(yes));
    if (!yes) p.box.removeAttribute("aria-activedescendant");
  }

  function mark(p, option) {
    const before = chosen(p);
    if (before) before.setAttribute("aria-selected", "false");
    if (!option) return;
    option.setAttribute("aria-selected", "true");
    p.box.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }

  function take(p, option) {
    p.code.value = option.dataset.code;
    p.box.value = option.dataset.text;
    show(p, false);
    p.picker.dispatchEvent(new CustomEvent("area-picked", { bubbles: true, detail: { code: option.dataset.code } }));
  }

  document.addEventListener("input", (event) => {
    const p = parts(event.target);
    if (!p || event.target !== p.box) return;
    p.code.value = "";
    if (!p.box.value.trim()) show(p, false);
  });

  document.addEventListener("htmx:afterSwap", (event) => {
    const p = parts(event.target);
    if (p) show(p, p.list.children.length > 0 && document.activeElement === p.box);
  });

  document.addEventListener("keydown", (event) => {
    const p = parts(event.target);
    if (!p || event.target !== p.box || event.isComposing) return;
    const all = options(p);
    const at = all.indexOf(chosen(p));
    if ((event.key === "ArrowDown" || event.key === "ArrowUp") && all.length) {
      event.preventDefault();
      show(p, true);
      const step = event.key === "ArrowDown" ? 1 : -1;
      mark(p, all[(at + step + all.length + (at < 0 && step < 0 ? 1 : 0)) % all.length]);
    } else if (event.key === "Enter" && !p.list.hidden && chosen(p)) {
      event.preventDefault();
      take(p, chosen(p));
    } else if (event.key === "Escape" && !p.list.hidden) {
      event.preventDefault();
      show(p, false);
    }
  });

  document.addEventListener("mousedown", (event) => {  // before the box loses the focus
    const option = event.target.closest && event.target.closest(".area-options [role=option]");
    if (!option) return;
    event.preventDefault();
    if (option.getAttribute("aria-disabled") !== "true") take(parts(option), option);
  });

  document.addEventListener("focusout", (event) => {
    const p = parts(event.target);
    if (p && event.target === p.box) show(p, false);
  });
})();
