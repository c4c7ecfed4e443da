/* Keys of a list that is worked through, and of one thing of it: j and k move, x chooses, Enter opens what has the focus, a and r act. And what the chosen ones come
   to. ES2018. */
(function () {
  "use strict";

  function current() {
    return document.activeElement && document.activeElement.closest("[data-row]");
  }

  function move(by) {
    var rows = Array.from(document.querySelectorAll("[data-row]"));
    var at = rows.indexOf(current());
    var row = rows[at === -1 ? 0 : Math.max(0, Math.min(rows.length - 1, at + by))];
    if (row) {
      row.querySelector("a").focus();
      row.scrollIntoView({ block: "nearest" });
    }
    return Boolean(row);
  }

  function boxOf(row) {
    return row && row.querySelector("input[type=checkbox]:not([disabled])");
  }

  function choose() {
    var box = boxOf(current());
    if (box) {
      box.click();
    }
    return Boolean(box);
  }

  // What a key stands for on this page: a link or a button is pressed, a fold opened where its form begins.
  function press(key) {
    var target = document.querySelector("[data-key='" + key + "']:not([disabled])");
    if (!target) {
      return false;
    }
    if (target.tagName !== "DETAILS") {
      target.click();
      return true;
    }
    target.open = true;
    target.querySelector("form textarea, form button").focus();
    target.scrollIntoView({ block: "nearest" });
    return true;
  }

  function approve() {
    var form = document.querySelector("form[data-chosen]");
    var box = boxOf(current());
    if (form && box && !form.querySelector("input[name=chosen]:checked")) {
      box.click(); // nothing is chosen: the row one stands on is meant
    }
    return press("a");
  }

  function giveBack() {
    var row = current();
    if (row && row.dataset.return) {
      window.location.assign(row.dataset.return);
      return true;
    }
    return press("r");
  }

  var acts = {
    j: function () { return move(1) || press("j"); },
    k: function () { return move(-1) || press("k"); },
    x: choose,
    a: approve,
    r: giveBack
  };

  document.addEventListener("keydown", function (event) {
    var typing = /^(SELECT|TEXTAREA)$/.test(event.target.tagName) ||
      (event.target.tagName === "INPUT" && event.target.type !== "checkbox");
    var act = acts[event.key.length === 1 ? event.key.toLowerCase() : ""];
    if (!act || typing || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) {
      return;
    }
    if (act()) {
      event.preventDefault();
    }
  });

  function yuan(fen) {
    var whole = String(Math.floor(Math.abs(fen) / 100)).replace(/\B(?=(\d{3})+$)/g, ",");
    return (fen < 0 ? "-" : "") + whole + "." + String(Math.abs(fen) % 100).padStart(2, "0");
  }

  function tell(form) {
    var chosen = Array.from(form.querySelectorAll("input[name=chosen]:checked"));
    var sum = chosen.reduce(function (total, box) { return total + Number(box.dataset.fen); }, 0);
    form.querySelectorAll("[data-sum]").forEach(function (place) {
      place.textContent = yuan(sum);
    });
  }

  function refresh(form) {
    var box = form.querySelector("input[name=chosen]");
    if (box) {
      box.dispatchEvent(new Event("change", { bubbles: true })); // console.js counts by it
    }
  }

  document.addEventListener("change", function (event) {
    var form = event.target.form;
    if (!form || !form.hasAttribute("data-chosen")) {
      return;
    }
    if (event.target.hasAttribute("data-all")) {
      form.querySelectorAll("input[name=chosen]").forEach(function (box) { box.checked = event.target.checked; });
      refresh(form);
      return;
    }
    tell(form);
  });

  // A page that comes back from the history has its boxes as they were left.
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-chosen]").forEach(refresh);
  });

  // An address may ask for a fold to be open: …#return.
  var asked = window.location.hash.length > 1 && document.getElementById(window.location.hash.slice(1));
  if (asked && asked.tagName === "DETAILS") {
    press(asked.dataset.key);
  }
})();
