"use strict";
// Keys for the whole room. They can be turned off on the sheet that `?` opens.
(() => {
  const $ = (sel, at = document) => at.querySelector(sel);
  const ITEMS = "aside .card[id^=e], .rows tbody tr, .timeline > li, .lines > li, .sides article";
  const STORE = "khabar-keys";
  const sheet = $("#keys");
  const items = () => [...document.querySelectorAll(ITEMS)];
  const on = () => localStorage.getItem(STORE) !== "off";
  let at = -1;

  const opener = $("#keys-open");
  opener.hidden = false;
  const open = () => { $("#keys-on").checked = on(); sheet.showModal(); };
  opener.addEventListener("click", open);
  $("#keys-on").addEventListener("change", event => localStorage.setItem(STORE, event.target.checked ? "on" : "off"));

  function move(step) {
    const list = items();
    if (!list.length) return;
    const here = list.findIndex(one => one.contains(document.activeElement));
    at = Math.max(0, Math.min(list.length - 1, (here < 0 ? at : here) + step));
    list[at].tabIndex = -1;
    list[at].focus({ preventScroll: true });
    list[at].scrollIntoView({ block: "nearest" });
  }
  // Where one stands; after a correction the card of the same number.
  const here = () => { const list = items(); return list.find(one => one.contains(document.activeElement)) ?? list[at]; };
  const press = (sel, where = document) => { const found = where && $(sel, where); found?.click(); return Boolean(found); };
  const view = n => press(`.tabs > a:nth-of-type(${n})`);

  const KEYS = {
    "?": open,
    "/": () => { const box = $("input[type=search]"); box ? box.focus() : location.assign("/"); },
    j: () => move(1), k: () => move(-1),
    n: () => press("a[rel=next]"), p: () => press("a[rel=prev]"),
    a: () => press("[value=accept]", here()), e: () => press("[data-key=change]", here()),
    d: () => press("[value=delete]", here()), u: () => press("[value=undo]", here()),
    i: () => press("#add > summary"), A: () => press("[value=accept_all]"),
  };
  for (const n of [1, 2, 3, 4, 5]) KEYS[n] = () => view(n);

  document.addEventListener("keydown", event => {
    const target = event.target;
    if (event.ctrlKey || event.metaKey || event.altKey || sheet.open || target.closest("input:not([type=checkbox]), select, textarea")) return;
    if (event.key === "Enter" && target.matches?.(ITEMS)) {
      const link = $("a[href^='/articles/'], a[href^='/happenings/'], a", target);
      if (link) { event.preventDefault(); link.click(); }
      return;
    }
    const key = Object.hasOwn(KEYS, event.key) ? KEYS[event.key] : null;
    if (!key || (!on() && event.key !== "?")) return;
    event.preventDefault();
    key();
  });
})();
