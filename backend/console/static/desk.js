/* Keys of the desk: Alt+N calls the next. What is typed outside of a field goes into the one for codes, where a scanner's focus may not be; and an honest word
   when nothing was registered. ES2018. */
(function () {
  "use strict";

  document.addEventListener("keydown", function (event) {
    var button = event.altKey && document.querySelector("[data-key='" + event.key.toLowerCase() + "']:not([disabled])");
    if (button) {
      event.preventDefault();
      button.click();
      return;
    }
    var field = document.getElementById("scan");
    var typing = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);
    var onAButton = /^(BUTTON|SUMMARY|A)$/.test(event.target.tagName) && (event.key === " " || event.key === "Enter");
    if (!field || typing || onAButton || event.key.length !== 1 || event.ctrlKey || event.altKey || event.metaKey) {
      return;
    }
    field.focus();
    field.select();
  });

  function tell(failed) {
    var message = document.getElementById("desk-failed");
    if (message) {
      message.hidden = !failed;
    }
  }
  ["htmx:sendError", "htmx:timeout", "htmx:responseError"].forEach(function (name) {
    document.addEventListener(name, function () { tell(true); });
  });
  document.addEventListener("htmx:afterSwap", function () { tell(false); });
})();
