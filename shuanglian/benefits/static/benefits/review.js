// Keys for working through a queue: a figure takes a candidate, 0 is nobody, n goes on. Without scripts buttons do.
(function () {
  "use strict";
  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select")) return;
    var found = document.querySelector('[data-key="' + CSS.escape(event.key.toLowerCase()) + '"]');
    if (!found) return;
    event.preventDefault();
    found.click();
  });
})();
