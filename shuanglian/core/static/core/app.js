// Small comforts for every page: the menu on a phone, a question before what cannot be undone, trees by keyboard,
// a word before leaving a half-filled form. Without it every page still works.
(function () {
  "use strict";

  var DROPPED = "details.user-menu[open], details.more-menu[open]";

  // --- folding parts: <button data-toggle="id" aria-expanded> -------------------------------------------------------
  function fold(button, open) {
    var part = document.getElementById(button.dataset.toggle);
    if (!part) return;
    part.classList.toggle("open", open);
    button.setAttribute("aria-expanded", String(open));
  }

  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-toggle]");
    if (button) fold(button, button.getAttribute("aria-expanded") !== "true");
    document.querySelectorAll(DROPPED).forEach(function (menu) {
      if (!menu.contains(event.target)) menu.open = false;
    });
    if (event.target.closest("[data-print]")) window.print();
  });

  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") return;
    document.querySelectorAll(DROPPED).forEach(function (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    });
    document.querySelectorAll("[data-toggle][aria-expanded=true]").forEach(function (button) {
      fold(button, false);
      button.focus();
    });
  });

  // --- the main menu is one line: what has no room stands behind 更多, in its order; the reader's own place never does ---
  var line = document.querySelector("#main-menu ul"), more = line && line.querySelector(".menu-more");
  var entries = more ? Array.prototype.filter.call(line.children, function (entry) { return entry !== more; }) : [];

  function fits() { return line.scrollWidth <= line.clientWidth; }

  function fit() {
    var behind = more.querySelector("ul"), at = entries.length;
    entries.forEach(function (entry) { line.insertBefore(entry, more); });
    more.querySelector("details").open = false;
    more.hidden = true;
    line.classList.remove("fitted");
    if (window.matchMedia("(min-width: 768px)").matches && !fits()) {
      more.hidden = false;
      while (at-- > 0 && !fits()) {
        if (!entries[at].querySelector("[aria-current]")) behind.insertBefore(entries[at], behind.firstChild);
      }
    }
    line.classList.add("fitted");
  }

  if (more) {
    fit();
    window.addEventListener("resize", fit);
    if (document.fonts) document.fonts.ready.then(fit);
  }

  // --- ask first: <form data-confirm="…">, <a data-confirm="…"> and hx-confirm ----------------------------------------
  var dialog = document.getElementById("confirm-dialog");

  function ask(words, then) {
    if (!dialog || !dialog.showModal) {
      if (window.confirm(words)) then();
      return;
    }
    document.getElementById("confirm-words").textContent = words;
    dialog.returnValue = "no";
    dialog.showModal();
    dialog.addEventListener("close", function () {
      if (dialog.returnValue === "yes") then();
    }, { once: true });
  }

  document.addEventListener("submit", function (event) {
    var form = event.target;
    var button = event.submitter;
    var words = (button && button.dataset.confirm) || form.dataset.confirm;
    if (!words || form.dataset.confirmed) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    ask(words, function () {
      form.dataset.confirmed = "yes";
      form.requestSubmit(button || undefined);
      delete form.dataset.confirmed;
    });
  }, true);

  document.addEventListener("click", function (event) {
    var link = event.target.closest("a[data-confirm]");
    if (!link) return;
    event.preventDefault();
    ask(link.dataset.confirm, function () { window.location.assign(link.href); });
  });

  document.addEventListener("htmx:confirm", function (event) {
    if (!event.detail.question) return;
    event.preventDefault();
    ask(event.detail.question, function () { event.detail.issueRequest(true); });
  });

  // --- once is enough: a form that has been sent is not sent a second time by a double click --------------------------
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (event.defaultPrevented || form.method !== "post" || form.hasAttribute("hx-post") || form.dataset.again !== undefined) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    window.setTimeout(function () { delete form.dataset.sent; }, 4000);
  });

  // --- a half-filled form: <form data-unsaved> ------------------------------------------------------------------------
  var changed = false;
  document.addEventListener("input", function (event) {
    if (event.target.closest && event.target.closest("form[data-unsaved]")) changed = true;
  });
  document.addEventListener("submit", function () { changed = false; });
  window.addEventListener("beforeunload", function (event) {
    if (changed) event.preventDefault();
  });

  // --- choices that send their form at once: <select data-submit> -----------------------------------------------------
  document.addEventListener("change", function (event) {
    if (event.target.matches("[data-submit]")) event.target.form.requestSubmit();
  });

  // --- trees: role=tree with role=treeitem inside; arrows walk, open and close ----------------------------------------
  function shown(tree) {
    return Array.prototype.filter.call(tree.querySelectorAll("[role=treeitem]"), function (item) {
      return item.offsetParent !== null;
    });
  }

  function step(item, tree, by) {
    var items = shown(tree);
    var next = items[items.indexOf(item) + by];
    if (next) focusOn(next, tree);
  }

  function focusOn(item, tree) {
    tree.querySelectorAll("[role=treeitem][tabindex='0']").forEach(function (other) { other.tabIndex = -1; });
    item.tabIndex = 0;
    item.focus();
  }

  function opener(item) {
    return item.querySelector(":scope > [data-tree-open], :scope > * > [data-tree-open]");
  }

  document.addEventListener("keydown", function (event) {
    var item = event.target.closest && event.target.closest("[role=treeitem]");
    if (!item || event.target !== item) return;
    var tree = item.closest("[role=tree]");
    var open = item.getAttribute("aria-expanded");
    var parent = item.parentElement.closest("[role=treeitem]");
    switch (event.key) {
      case "ArrowDown": step(item, tree, 1); break;
      case "ArrowUp": step(item, tree, -1); break;
      case "Home": focusOn(shown(tree)[0], tree); break;
      case "End": focusOn(shown(tree).pop(), tree); break;
      case "ArrowRight":
        if (open === "false" && opener(item)) opener(item).click();
        else step(item, tree, 1);
        break;
      case "ArrowLeft":
        if (open === "true" && opener(item)) opener(item).click();
        else if (parent) focusOn(parent, tree);
        break;
      case "Enter": {
        var link = item.querySelector("a[href]");
        if (link) link.click();
        break;
      }
      default: return;
    }
    event.preventDefault();
  });

  // --- tables wider than the window: the keyboard must be able to scroll them -------------------------------------------
  function reachable() {
    document.querySelectorAll(".table-responsive:not([tabindex])").forEach(function (box) {
      if (box.scrollWidth <= box.clientWidth && box.scrollHeight <= box.clientHeight) return;
      var card = box.closest(".card");
      var title = box.querySelector("caption") || (card && card.querySelector(".card-title")) || document.querySelector("h1");
      box.tabIndex = 0;
      box.setAttribute("role", "region");
      box.setAttribute("aria-label", title ? title.textContent.trim() : document.title);
    });
  }
  window.addEventListener("resize", reachable);
  document.addEventListener("htmx:afterSettle", reachable);
  reachable();

  // --- parts that could not be fetched: say so instead of doing nothing -------------------------------------------------
  function tell(words) {
    var main = document.querySelector("#main .page-body > .container-xl");
    if (!main) return;
    var note = document.createElement("div");
    note.className = "alert alert-danger";
    note.setAttribute("role", "alert");
    note.textContent = words;
    main.prepend(note);
  }

  var english = document.documentElement.lang === "en";
  document.addEventListener("htmx:sendError", function (event) {
    if (event.detail.elt && event.detail.elt.closest(".job-progress")) return;  // asked again in two seconds
    tell(english ? "The network is down. Nothing was changed; please try again." : "网络不通，什么也没有改动，请稍后再试。");
  });
  document.addEventListener("htmx:responseError", function (event) {
    var status = event.detail.xhr.status;
    if (status === 401 || (event.detail.elt && event.detail.elt.closest(".job-progress") && status >= 500)) return;
    tell(english ? "That did not work (" + status + "). Please reload the page." : "操作没有成功（" + status + "），请刷新页面后再试。");
  });
})();
