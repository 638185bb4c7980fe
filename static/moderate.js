"use strict";

/* Words marked in the text become a line of what is to be cut. */
(() => {
  const written = document.getElementById("written");
  const more = document.getElementById("more");
  const mark = document.getElementById("mark");
  if (!written || !more || !mark) return;
  mark.hidden = false;
  mark.addEventListener("click", () => {
    const chosen = document.getSelection();
    const words = chosen && written.contains(chosen.anchorNode) ? chosen.toString().trim() : "";
    if (!words) return;
    more.value = [more.value.trim(), words].filter(Boolean).join("\n");
  });
  mark.addEventListener("mousedown", (event) => event.preventDefault());
})();
