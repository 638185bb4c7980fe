// Saves a member's own evaluation while they type, and keeps a copy on the device until the
// service has said that it is saved. Up to ES2017.
(() => {
  const PAUSE = 1200, AGAIN = 15000, OUTSIDE = ["csrf_token", "window", "seen"];
  const find = id => document.getElementById(id);
  const here = find("kept-here"), form = find("own-evaluation"), state = find("kept-state");
  const key = here.dataset.person + here.dataset.place;
  const store = open();
  let timer, sending = false, changed = false, halted = false, undecided = false;

  function open() {
    try {
      localStorage.setItem("evaluation:", "");
      localStorage.removeItem("evaluation:");
      return localStorage;
    } catch (closed) {
      return null; // the page saves all the same, it only keeps no copy
    }
  }

  // What another person left on this device is nobody else's to see.
  function forgetOthers() {
    Object.keys(store)
      .filter(one => one.startsWith("evaluation:") && !one.startsWith(here.dataset.person))
      .forEach(one => store.removeItem(one));
  }

  function written() {
    const fields = {};
    new FormData(form).forEach((value, name) => {
      if (!OUTSIDE.includes(name)) fields[name] = value.replace(/\r\n/g, "\n");
    });
    return fields;
  }

  function fill(fields) {
    [...form.elements].filter(one => one.name && !OUTSIDE.includes(one.name)).forEach(one => {
      if (one.type == "checkbox") one.checked = one.name in fields;
      else if (one.type != "submit") one.value = fields[one.name] || "";
    });
  }

  const same = (one, other) => JSON.stringify(one) == JSON.stringify(other);
  const forget = () => { if (store) store.removeItem(key); };
  const say = text => { state.textContent = text; };

  function keep() {
    if (!store || undecided) return false;
    const copy = {window: form.elements.window.value, seen: form.elements.seen.value, fields: written()};
    try {
      store.setItem(key, JSON.stringify(copy));
      return true;
    } catch (full) {
      return false; // said where it matters: when saving fails too
    }
  }

  function later(pause) {
    clearTimeout(timer);
    timer = setTimeout(save, pause);
  }

  async function save(leaving) {
    if (halted) return;
    if (sending) {
      changed = true;
      return;
    }
    sending = true;
    changed = false;
    const sent = written(), body = new URLSearchParams(new FormData(form));
    try {
      const answer = await fetch(form.dataset.draft,
        {method: "POST", body, credentials: "same-origin", keepalive: leaving === true});
      const json = (answer.headers.get("Content-Type") || "").startsWith("application/json");
      if (json) take(answer.ok, await answer.json(), sent);
      else if (answer.status >= 500) miss();
      else say(form.dataset.refused);
    } catch (lost) {
      miss();
    }
    sending = false;
    if (changed) later(PAUSE);
  }

  function miss() {
    say(keep() ? form.dataset.unsaved : form.dataset.nowhere);
    later(AGAIN);
  }

  function take(ok, told, sent) {
    if (!ok) {
      halted = true;
      keep();
      say(`${told.said} ${form.dataset.halted}`);
      return;
    }
    form.elements.seen.value = told.seen;
    say(told.said);
    if (told.whole && same(sent, written()) && !undecided) forget();
    else keep();
  }

  // A copy that this very draft followed on comes back by itself; any other one asks first.
  function restore() {
    if ("typed" in form.dataset) {
      changed = true;
      keep();
      later(PAUSE);
      return;
    }
    const text = store && store.getItem(key);
    if (!text) return;
    const copy = JSON.parse(text);
    if (same(copy.fields, written())) {
      forget();
    } else if (copy.seen == form.elements.seen.value || copy.window == form.dataset.savedFrom) {
      fill(copy.fields);
      say(form.dataset.restored);
      later(PAUSE);
    } else {
      ask(copy);
    }
  }

  function ask(copy) {
    undecided = true;
    find("kept-other").hidden = false;
    const decide = taken => {
      undecided = false;
      find("kept-other").hidden = true;
      if (taken) fill(copy.fields);
      else forget();
      keep();
      save();
    };
    find("kept-take").onclick = () => decide(true);
    find("kept-leave").onclick = () => decide(false);
  }

  if (store) forgetOthers();
  if (!form) {
    forget();
    return;
  }
  if (!form.dataset.draft) return;
  restore();
  form.addEventListener("input", () => {
    keep();
    changed = true;
    later(PAUSE);
  });
  form.addEventListener("submit", () => {
    keep();
    halted = true;
  });
  window.addEventListener("pageshow", event => { if (event.persisted) location.reload(); });
  window.addEventListener("online", () => { if (changed || store && store.getItem(key)) later(0); });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden && changed) save(true);
  });
})();
