/* What plain HTML cannot do: no double submits, and an honest word when a refresh fails. ES2018, no build. */
(function () {
  "use strict";

  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.method !== "post" || form.hasAttribute("data-many")) {
      return;
    }
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    form.querySelectorAll("button:not([type=button])").forEach(function (button) {
      button.setAttribute("aria-disabled", "true");
    });
  });

  // A page that comes back from the history must be usable again.
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-sent]").forEach(function (form) {
      delete form.dataset.sent;
    });
  });

  document.addEventListener("change", function (event) {
    if (event.target.hasAttribute("data-submits")) {
      event.target.form.submit();
    }
  });

  document.addEventListener("click", function (event) {
    if (event.target.hasAttribute("data-prints")) {
      window.print();
    }
  });

  // A button that says how many are chosen.
  document.addEventListener("change", function (event) {
    var form = event.target.form;
    if (!form || !form.dataset.counted) {
      return;
    }
    var chosen = form.querySelectorAll("input[name=" + form.dataset.counted + "]:checked").length;
    form.querySelectorAll("[data-count-into]").forEach(function (button) {
      button.textContent = button.dataset.countInto.replace("#", chosen);
      button.disabled = chosen === 0;
    });
  });

  function markStale(event, stale) {
    var board = event.detail.target && event.detail.target.closest("[data-refreshing]");
    if (board) {
      board.classList.toggle("is-stale", stale);
    }
  }
  document.addEventListener("htmx:sendError", function (event) { markStale(event, true); });
  document.addEventListener("htmx:timeout", function (event) { markStale(event, true); });
  document.addEventListener("htmx:responseError", function (event) { markStale(event, true); });
  document.addEventListener("htmx:afterSwap", function (event) { markStale(event, false); });
})();
