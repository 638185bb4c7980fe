/* Keys turn a projected page, once it is read to its end: arrows, space and a clicker's page keys;
   Escape leaves. */
"use strict";

const TURNS = {
  ArrowRight: "[rel=next]",
  PageDown: "[rel=next]",
  " ": "[rel=next]",
  ArrowLeft: "[rel=prev]",
  PageUp: "[rel=prev]",
  Escape: "[data-out]",
};

function scrolled() {
  const sheet = document.querySelector(".projected");
  const before = sheet.scrollTop;
  sheet.scrollTop += sheet.clientHeight * 0.8;
  return sheet.scrollTop > before + 1;
}

document.addEventListener("keydown", (pressed) => {
  const held = pressed.ctrlKey || pressed.altKey || pressed.metaKey || pressed.shiftKey;
  const wanted = held ? undefined : TURNS[pressed.key];
  if (wanted === "[rel=next]" && scrolled()) {
    pressed.preventDefault();
    return;
  }
  const link = wanted && document.querySelector(`.keys ${wanted}`);
  if (link) {
    pressed.preventDefault();
    link.click();
  }
});
