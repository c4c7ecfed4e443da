/* A pairing address carries its code behind the "#", which no server and no log ever sees. */
(function () {
  "use strict";

  function take() {
    var code = decodeURIComponent(location.hash.slice(1));
    if (code) {
      document.getElementById("code").value = code;
      history.replaceState(null, "", location.pathname);
    }
  }

  take();
  window.addEventListener("hashchange", take);
})();
