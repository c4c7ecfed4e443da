/* The rotating code: asked for at each turn of the half minute, and never shown past it. ES2018, no build. */
(function () {
  "use strict";

  var GRACE_MS = 3000; // the server still takes the code that has just turned
  var TIMEOUT_MS = 8000;
  var AGAIN_MS = 3000;
  var page = document.body;
  var part = function (id) { return document.getElementById(id); };
  var clockAhead = 0; // of the server's clock to this one's
  var endsAt = 0; // by this clock, and by one that nobody can set
  var endsAtSteady = 0;
  var isRevoked = false;
  var timer = null;

  function take(nowMs, lastsMs) {
    clockAhead = nowMs - Date.now();
    endsAt = Date.now() + lastsMs;
    endsAtSteady = performance.now() + lastsMs;
    plan(lastsMs + 150);
  }

  function show(told) {
    part("qr").innerHTML = told.qr;
    part("digits").textContent = told.code.slice(0, 4) + " " + told.code.slice(4);
    take(told.now_ms, told.lasts_ms);
    isRevoked = false;
    draw();
  }

  function plan(ms) {
    clearTimeout(timer);
    timer = setTimeout(ask, ms);
  }

  function ask() {
    var abort = new AbortController();
    var patience = setTimeout(function () { abort.abort(); }, TIMEOUT_MS);
    plan(TIMEOUT_MS + AGAIN_MS);
    fetch(page.dataset.address, { cache: "no-store", signal: abort.signal })
      .then(function (answer) {
        isRevoked = answer.status === 401;
        return answer.ok ? answer.json().then(show) : Promise.reject(new Error(String(answer.status)));
      })
      .catch(function () {
        plan(isRevoked ? 60000 : AGAIN_MS);
        draw();
      })
      .then(function () { clearTimeout(patience); });
  }

  /* A tablet that has slept may have stopped one clock, and somebody may have set the other. */
  function left() {
    return Math.min(endsAt - Date.now(), endsAtSteady - performance.now());
  }

  function draw() {
    var remaining = left();
    var isOver = remaining < -GRACE_MS;
    part("shown").hidden = isRevoked || isOver;
    part("away").hidden = isRevoked || !isOver;
    part("revoked").hidden = !isRevoked;
    part("left").value = Math.max(0, Math.ceil(remaining / 1000));
    part("clock").textContent = new Date(Date.now() + clockAhead).toLocaleTimeString("zh-CN", {
      hour12: false, hour: "2-digit", minute: "2-digit", timeZone: "Asia/Shanghai"
    });
  }

  function awake() {
    if (!document.hidden) {
      draw();
      ask();
      if (navigator.wakeLock) {
        navigator.wakeLock.request("screen").catch(function () { /* the tablet's own settings decide */ });
      }
    }
  }

  take(Number(page.dataset.nowMs), Number(page.dataset.lastsMs));
  draw();
  setInterval(draw, 500);
  document.addEventListener("visibilitychange", awake);
  window.addEventListener("online", awake);
  window.addEventListener("pageshow", awake);
})();
