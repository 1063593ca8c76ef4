"use strict";
// Words of the article into the fields of a correction: chosen with the mouse, or with the arrows in a paragraph.
(() => {
  const $ = (sel, at = document) => at.querySelector(sel);
  const paragraphOf = node => (node?.nodeType === 1 ? node : node?.parentElement)?.closest("[data-p][data-text]");
  const openForm = () => $("form.edit[data-open]") || ($("#add")?.open ? $("#add form") : null);
  let chosen = null;

  // What stands before the choice, without the numbers of events.
  const plain = range => {
    const part = range.cloneContents();
    part.querySelectorAll("sup").forEach(one => one.remove());
    return part.textContent;
  };
  const edge = "[\\s\\p{P}\\p{S}]";
  const count = (text, words) =>
    [...text.matchAll(new RegExp(`(?<=^|${edge})${words.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}(?=$|${edge})`, "gu"))].length;

  // The choice as whole words of its paragraph, `#n` where it is not their first place.
  function choice() {
    const selection = document.getSelection();
    if (!selection.rangeCount || selection.isCollapsed) return null;
    const range = selection.getRangeAt(0), paragraph = paragraphOf(range.startContainer);
    if (!paragraph || paragraphOf(range.endContainer) !== paragraph) return null;
    const before = document.createRange();
    before.setStart(paragraph, 0);
    before.setEnd(range.startContainer, range.startOffset);
    let head = plain(before), words = plain(range);
    const tail = paragraph.dataset.text.slice(head.length + words.length);
    const start = head.match(/[^\s\p{P}]*$/u)[0], end = tail.match(/^[^\s\p{P}]*/u)[0];
    if (/^[^\s\p{P}]/u.test(words)) { head = head.slice(0, head.length - start.length); words = start + words; }
    if (/[^\s\p{P}]$/u.test(words)) words += end;
    words = words.trim().replace(/^[\p{P}\s]+|[\p{P}\s]+$/gu, "");
    if (!words) return null;
    const nth = count(head, words) + 1;
    return { paragraph: paragraph.dataset.p, words, written: nth > 1 ? `${words}#${nth}` : words };
  }

  function show() {
    const bar = $("#pick"), now = choice();
    if (!bar) return;
    if (now) chosen = now;
    else if (bar.contains(document.activeElement)) return;
    else chosen = null;
    bar.hidden = !chosen;
    if (chosen) $("#picked").textContent = chosen.words;
    const form = openForm();
    bar.querySelectorAll("[data-into]").forEach(button => { button.hidden = button.dataset.into !== "new" && !form; });
  }

  function put(field) {
    if (!chosen) return;
    let form = openForm();
    if (field === "new") {
      const add = $("#add");
      add.open = true;
      form = $("form", add);
      document.querySelectorAll("form.edit[data-open]").forEach(one => one !== form && one.removeAttribute("data-open"));
      form.elements.paragraph.value = chosen.paragraph;
      form.elements.trigger.value = chosen.written;
      form.elements.type.focus();
    } else if (form) {
      const input = form.elements[field];
      const here = form.dataset.p ?? form.elements.paragraph?.value;
      const words = here === chosen.paragraph ? chosen.written : "^";
      input.value = ["place", "time"].includes(field) || !input.value.trim() ? words : `${input.value.trim()} ; ${words}`;
      input.focus();
    }
    document.getSelection().removeAllRanges();
    $("#pick").hidden = true;
  }

  document.addEventListener("selectionchange", show);
  document.addEventListener("click", event => {
    const button = event.target.closest("[data-into]");
    if (button) put(button.dataset.into);
  });

  // Arrows walk over the words of a paragraph that has the focus, with Shift they take more; Enter goes to the buttons.
  document.addEventListener("keydown", event => {
    const paragraph = event.target.closest?.("[data-p][data-text]");
    if (event.key === "Escape" && chosen) {
      document.getSelection().removeAllRanges();
      return;
    }
    if (!paragraph || event.target !== paragraph) return;
    const selection = document.getSelection();
    if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
      event.preventDefault();
      if (!selection.rangeCount || paragraphOf(selection.anchorNode) !== paragraph) selection.collapse(paragraph, 0);
      const rtl = getComputedStyle(paragraph).direction === "rtl";
      const forward = (event.key === "ArrowLeft") === rtl;
      if (event.shiftKey) selection.modify("extend", forward ? "forward" : "backward", "word");
      else {
        if (forward) selection.collapseToEnd(); else selection.collapseToStart();
        if (!forward) { selection.modify("move", "backward", "word"); selection.modify("extend", "forward", "word"); }
        else {
          selection.modify("extend", "forward", "word");
          // Past white space and marks, to a word.
          for (let n = 0; n < 4 && !/[\p{L}\p{N}]/u.test(selection.toString()); n++) {
            selection.collapseToEnd();
            selection.modify("extend", "forward", "word");
          }
        }
      }
    } else if (event.key === "Enter" && chosen) {
      event.preventDefault();
      $("#pick button:not([hidden])").focus();
    }
  });

  // The focus goes to the form that is open: also where the page came whole, by a link that was followed before its part
  // of the page was ready, or in a new window.
  const toForm = () => {
    const form = openForm();
    if (form) ($(".bad", form) ? $("[data-cell]", form) : $("select", form)).focus();
    return Boolean(form);
  };
  addEventListener("load", toForm);  // not before: the way to the `#` of the address takes the focus away
  // After a part of the page was replaced the focus goes to what it is about.
  document.addEventListener("htmx:afterSettle", () => {
    if (!toForm()) { const said = $("#said"); said.tabIndex = -1; said.focus({ preventScroll: true }); }
  });
  const tell = text => { const said = $("#said"); said.textContent = text; said.dataset.bad = ""; };
  document.addEventListener("htmx:responseError", event => {
    const page = new DOMParser().parseFromString(event.detail.xhr.responseText, "text/html");
    tell(page.querySelector("#answer p")?.textContent ?? `${event.detail.xhr.status}`);
  });
  document.addEventListener("htmx:sendError", () => tell($("#pick-help").dataset.offline));
})();
