// The place of an entry: asked of the browser when a form that can have one opens. Without script the form works.
(function () {
  "use strict";

  var form = document.querySelector("form[data-place]");
  var where = document.getElementById("where");
  if (!form || !where) return;

  function locate() {
    if (!navigator.geolocation) { where.textContent = where.dataset.failed; return; }
    where.textContent = where.dataset.getting;
    navigator.geolocation.getCurrentPosition(function (found) {
      form.elements.lon.value = found.coords.longitude.toFixed(6);
      form.elements.lat.value = found.coords.latitude.toFixed(6);
      form.elements.accuracy.value = Math.round(found.coords.accuracy);
      where.textContent = where.dataset.got.replace("{m}", Math.round(found.coords.accuracy));
    }, function () { where.textContent = where.dataset.failed; }, { enableHighAccuracy: true, timeout: 20000, maximumAge: 60000 });
  }

  document.getElementById("locate").addEventListener("click", locate);
})();
