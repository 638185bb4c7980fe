// Many people on one helper's phone: whoever comes next finds nothing of the one before. Up to ES2017.
(() => {
  const DAY = 864e5, DRAFTS = "cunping:", TYPING = "/t/";
  const find = id => document.getElementById(id), root = document.documentElement;
  const store = openStore();
  let slip;

  if (!store || root.dataset.helping || !/^\/[ht]\//i.test(location.pathname)) return;
  root.dataset.helping = 1;

  function openStore() {
    try {
      window.localStorage.setItem("try", "");
      window.localStorage.removeItem("try");
      return window.localStorage;
    } catch (_) {
      return null;
    }
  }

  const read = () => JSON.parse(store.helper || "null");

  function note(changes) {
    const known = read();
    if (known) store.helper = JSON.stringify(Object.assign(known, changes));
  }

  // What the page behind the helper's link says is all that a phone ever learns.
  function learn(link) {
    const mark = link.dataset.mark, before = read();
    const count = before && before.mark == mark && !isOver(before) ? before.count : 0;
    const words = JSON.parse(link.dataset.words);
    Object.keys(store).forEach(key => {
      if (!key.indexOf(DRAFTS) && !JSON.parse(store[key]).sent) delete store[key];
    });
    store.helper = JSON.stringify({mark, count, time: Date.now(), words});
  }

  const isOver = known => Date.now() - known.time > DAY;

  function forget() {
    delete store.helper;
    leave();
  }

  function leave() {
    document.body.textContent = "";
    location.replace(TYPING);
  }

  function isSent() {
    const form = find("form");
    return form && form.querySelector("fieldset :disabled");
  }

  // Another slip on this phone, or the end of helping, ends this one, in whichever window it is.
  function look() {
    const known = read();
    if (slip && !isSent() && (!known || known.slip != slip)) leave();
  }

  function dress() {
    const body = document.body, is = body.dataset.is, form = find("form");
    body.dataset.helped = 1;
    slip = null;
    if (is == "thanks") note({count: read().count + 1});
    if (form) {
      slip = Math.random();
      note({slip});
      history.replaceState(null, "", TYPING);
      form.dataset.waiting = read().words.waiting;
    }
    document.querySelectorAll("[name=code]").forEach(code => carry(code.form));
    draw(is, read());
  }

  function carry(form) {
    if (form.elements.mark) return;
    const field = form.appendChild(document.createElement("input"));
    Object.assign(field, {type: "hidden", name: "mark", value: read().mark});
  }

  function draw(is, known) {
    const words = known.words, strip = document.createElement("div"), old = find("helped");
    const add = (kind, text) => {
      const part = strip.appendChild(document.createElement(kind));
      part.textContent = text;
      return part;
    };
    const count = words.count.replace("{number}", known.count);
    add("p", is == "form" ? words.filling + " · " + count : count);
    if (is != "form" && !find("next") && !find("code")) {
      add("a", words.next).href = "/h/" + known.mark;
    }
    Object.assign(add("button", words.done), {type: "button", className: "plain", onclick: forget});
    strip.className = "box care";
    strip.id = "helped";
    if (old) old.remove();
    document.body.insertBefore(strip, document.body.firstChild);
  }

  // Once sent, whoever holds the phone sees that it waits, and no longer what was chosen.
  function veil() {
    find("helped").hidden = true;
    [...find("form").children].forEach(part => { part.hidden = part.id != "state"; });
  }

  function follow() {
    if (!document.body.dataset.helped && read()) dress();
    if (isSent() && !find("helped").hidden) veil();
  }

  if (find("helping")) learn(find("helping"));
  if (!read()) return;
  if (isOver(read())) {
    delete store.helper;
    return;
  }
  follow();
  new MutationObserver(follow).observe(root, {childList: true, subtree: true});
  addEventListener("storage", look);
  document.addEventListener("visibilitychange", look);
  addEventListener("pageshow", event => event.persisted && leave());
  addEventListener("pagehide", () => { document.body.textContent = ""; });
  addEventListener("beforeunload", event => {
    if (!isSent()) return;
    event.preventDefault();
    event.returnValue = "";
  });
})();
