// The region tree: a click on the twist opens a node, its children come from the server then; core's app.js walks it.
(() => {
  "use strict";
  document.querySelectorAll("[data-area-tree]").forEach((tree) => {
    const start = tree.querySelector('[aria-current="page"]') || tree.querySelector('[role="treeitem"]');
    if (start) start.tabIndex = 0;

    function open(node, yes) {
      const below = node.querySelector(':scope > [role="group"]');
      if (!below) return;
      node.setAttribute("aria-expanded", String(yes));
      below.hidden = !yes;
      if (yes && below.hasAttribute("hx-get") && !below.children.length) {
        node.setAttribute("aria-busy", "true");
        below.dispatchEvent(new CustomEvent("area-open"));
      }
    }

    tree.addEventListener("click", (event) => {
      const twist = event.target.closest("[data-tree-open]");
      if (!twist) return;
      const node = twist.closest('[role="treeitem"]');
      open(node, node.getAttribute("aria-expanded") !== "true");
    });
    tree.addEventListener("htmx:afterSwap", (event) => {
      event.target.closest('[role="treeitem"]').removeAttribute("aria-busy");
    });
    ["htmx:responseError", "htmx:sendError"].forEach((name) => tree.addEventListener(name, (event) => {
      const node = event.target.closest('[role="treeitem"]');  // closed again, so that it can be tried once more
      node.removeAttribute("aria-busy");
      open(node, false);
    }));
  });
})();
