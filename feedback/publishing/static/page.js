"use strict";
(function () {
  var root = document.documentElement;
  function remembered(name) { try { return localStorage.getItem("feedback." + name); } catch (e) { return null; } }
  function remember(name, value) { try { localStorage.setItem("feedback." + name, value); } catch (e) { return; } }
  function spoken() {
    var known = (navigator.languages || [navigator.language || "en"])
      .map(function (tag) { return tag.slice(0, 2).toLowerCase(); })
      .filter(function (tag) { return tag === "ru" || tag === "en"; });
    return known[0] || "en";
  }
  function choose(name, value) {
    var radio = document.getElementById(name + "-" + value);
    if (!radio) { return; }
    radio.checked = true;
    if (name === "language") { root.lang = value; }
  }
  choose("language", remembered("language") || spoken());
  choose("theme", remembered("theme") || "auto");
  document.addEventListener("change", function (event) {
    var radio = event.target;
    if (radio.name !== "language" && radio.name !== "theme") { return; }
    choose(radio.name, radio.value);
    remember(radio.name, radio.value);
  });
  document.addEventListener("DOMContentLoaded", function () {
    var age = Date.now() - Date.parse(document.body.dataset.asOf);
    document.querySelectorAll(".banner.old").forEach(function (banner) {
      banner.hidden = !(age > 2 * 24 * 3600 * 1000);
    });
  });
})();
