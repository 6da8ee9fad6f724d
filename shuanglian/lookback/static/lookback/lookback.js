// The form at the door: position, and no signal. A visit that cannot be sent stays on this phone (IndexedDB) with its
// key and is sent when the list is opened with a signal; the server keeps each key once. Without script the form works.
(function () {
  "use strict";

  var STORE = "visits";

  function open(then) {
    if (!window.indexedDB) return then(null);
    var asked = indexedDB.open("shuanglian-lookback", 1);
    asked.onupgradeneeded = function () { asked.result.createObjectStore(STORE, { keyPath: "key" }); };
    asked.onsuccess = function () { then(asked.result); };
    asked.onerror = function () { then(null); };
  }

  // --- position -----------------------------------------------------------------------------------------------------
  var form = document.querySelector("form[data-visit]");
  var where = document.getElementById("where");

  function locate() {
    if (!navigator.geolocation) { where.textContent = where.dataset.failed; return; }
    where.textContent = where.dataset.getting;
    navigator.geolocation.getCurrentPosition(function (found) {
      form.elements.lon.value = found.coords.longitude.toFixed(6);
      form.elements.lat.value = found.coords.latitude.toFixed(6);
      where.textContent = where.dataset.got.replace("{m}", Math.round(found.coords.accuracy));
    }, function () { where.textContent = where.dataset.failed; }, { enableHighAccuracy: true, timeout: 20000, maximumAge: 60000 });
  }

  if (form && where) {
    document.getElementById("locate").addEventListener("click", locate);
    if (!form.elements.lat.value) locate();
  }

  // --- no signal: keep ----------------------------------------------------------------------------------------------
  function keep() {
    open(function (base) {
      if (!base) return;
      var parts = [];
      new FormData(form).forEach(function (value, name) {
        if (name !== "csrfmiddlewaretoken") parts.push([name, value]);
      });
      var row = { key: form.elements.key.value, name: form.dataset.visit, to: window.location.pathname, parts: parts };
      var work = base.transaction(STORE, "readwrite");
      work.objectStore(STORE).put(row);
      work.oncomplete = function () {
        document.getElementById("kept-here").hidden = false;
        form.hidden = true;
        window.scrollTo(0, 0);
      };
    });
  }

  if (form) {
    form.addEventListener("submit", function (event) {
      if (navigator.onLine || !window.indexedDB) return;
      event.preventDefault();
      if (form.reportValidity()) keep();
    });
  }

  // --- signal again: send -------------------------------------------------------------------------------------------
  var box = document.getElementById("unsent");

  function token() {
    var found = document.querySelector("[name=csrfmiddlewaretoken]");
    if (found) return found.value;
    return (JSON.parse(document.body.getAttribute("hx-headers") || "{}"))["X-CSRFToken"] || "";
  }

  function say(row, words, href) {
    var line = document.createElement("p");
    if (href) {
      var link = document.createElement("a");
      link.href = href;
      link.textContent = row.name;
      line.append(link, " " + words);
    } else {
      line.textContent = row.name + " " + words;
    }
    box.append(line);
  }

  function forget(base, row) { base.transaction(STORE, "readwrite").objectStore(STORE).delete(row.key); }

  function send(base, row) {
    var body = new FormData();
    row.parts.forEach(function (pair) { body.append(pair[0], pair[1]); });
    body.append("csrfmiddlewaretoken", token());
    return fetch(row.to, { method: "POST", body: body, credentials: "same-origin" }).then(function (answer) {
      if (answer.ok && answer.redirected && answer.url.indexOf("/login") < 0) {
        forget(base, row);
        say(row, box.dataset.sent);
      } else {
        say(row, box.dataset.refused, row.to);
      }
    }, function () { say(row, "…"); });
  }

  function sendAll() {
    open(function (base) {
      if (!base) return;
      var asked = base.transaction(STORE).objectStore(STORE).getAll();
      asked.onsuccess = function () {
        if (!asked.result.length) return;
        box.hidden = false;
        box.querySelector("span").textContent = asked.result.map(function (row) { return row.name; }).join("、");
        if (!navigator.onLine) return;
        asked.result.reduce(function (before, row) {
          return before.then(function () { return send(base, row); });
        }, Promise.resolve());
      };
    });
  }

  if (box) {
    sendAll();
    window.addEventListener("online", sendAll);
  }
})();
