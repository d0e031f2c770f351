// Keeps an open page true: fetches it anew when the record grows, and says so when it cannot.
(() => {
  "use strict";
  const status = document.getElementById("live");
  let main = document.getElementById("main");
  if (!main || !window.EventSource || document.querySelector(".door")) return;
  let fetching = false, again = false, asOf = new Date();

  const say = (lost) => {
    const text = lost ? `Connection lost. This is how it stood at ${asOf.toLocaleTimeString()}.` : "Live";
    status.hidden = false;
    status.classList.toggle("lost", lost);
    if (status.textContent !== text) status.textContent = text;
  };

  const refresh = async () => {
    if (fetching) { again = true; return; }
    fetching = true;
    try {
      const response = await fetch(location.href, { headers: { accept: "text/html" } });
      if (response.redirected) { location.reload(); return; }
      if (!response.ok) throw new Error(String(response.status));
      const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
      swap(fresh.getElementById("main"));
      document.title = fresh.title;
      asOf = new Date();
      say(false);
    } catch { say(true); }
    fetching = false;
    if (again) { again = false; refresh(); }
  };

  // What the reader is doing stays: scroll, focus, open details, half-written notes.
  const swap = (fresh) => {
    const focused = document.activeElement && document.activeElement.id;
    const caret = document.activeElement && document.activeElement.selectionStart;
    for (const field of main.querySelectorAll("input[id], select[id], textarea[id]")) {
      const twin = fresh.querySelector(`#${CSS.escape(field.id)}`);
      if (twin) twin.value = field.value;
    }
    for (const details of main.querySelectorAll("details[id]")) {
      const twin = fresh.querySelector(`#${CSS.escape(details.id)}`);
      if (twin) twin.open = details.open;
    }
    const scroll = window.scrollY;
    main.replaceChildren(...fresh.childNodes);
    main.dataset.position = fresh.dataset.position;
    const target = focused && focused !== "main" && document.getElementById(focused);
    if (target && main.contains(target)) {
      target.focus({ preventScroll: true });
      if (typeof caret === "number" && target.setSelectionRange) target.setSelectionRange(caret, caret);
    }
    window.scrollTo({ top: scroll, behavior: "instant" });
  };

  const stream = new EventSource("/events");
  stream.addEventListener("changed", (event) => {
    if (event.data !== main.dataset.position) refresh(); else say(false);
  });
  stream.addEventListener("error", () => say(true));
  setInterval(refresh, 30000); // "4 min ago" must not stand still.
})();
