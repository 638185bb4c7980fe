// Writes a questionnaire without leaving the page: saves, reorders, shows the phone. Up to ES2017.
(() => {
  const find = id => document.getElementById(id), desk = find("desk"), screen = find("screen");
  const say = text => { find("saved").textContent = text; };
  const EDGE = 60;
  let waiting = Promise.resolve(), failed = false;

  // Saving: one after the other, so that each is sent after the page knows the one before.

  function send(form, button) {
    waiting = waiting.then(() => post(form, button)).catch(() => {
      failed = true;
      say(desk.dataset.failed);
    });
    return waiting;
  }

  async function post(form, button) {
    const place = form.matches(".part-form") && form.closest("[id]").id;
    if (place && !form.isConnected) return;
    const body = new URLSearchParams(new FormData(form));
    if (button && button.name) body.set(button.name, button.value);
    say(desk.dataset.saving);
    const answer = await fetch(form.action, {method: "POST", body, credentials: "same-origin", keepalive: true});
    failed = !answer.ok;
    if (answer.ok && new URL(answer.url).pathname != location.pathname) {
      location.assign(answer.url);
      return;
    }
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!page.getElementById("desk")) {
      location.reload();
      return;
    }
    if (place) settle(form, page.getElementById(place).querySelector(".part-form"), answer.ok);
    renew(page);
    const told = page.querySelector("main > .notice, .part-form .notice");
    say(told ? told.textContent.trim() : "");
    look();
  }

  // The page after a change: what is being written stays, what hangs on it is new.

  function settle(form, now, kept) {
    if (!kept) {
      form.replaceWith(document.importNode(now, true));
      return;
    }
    form.elements.seen.value = now.elements.seen.value;
    form.querySelectorAll(".notice, .hint.meanwhile").forEach(one => one.remove());
  }

  function renew(page) {
    const focused = document.activeElement && document.activeElement.id;
    find("advice").innerHTML = page.getElementById("advice").innerHTML;
    document.querySelectorAll(".questions").forEach(list => order(list, page.getElementById(list.id)));
    document.querySelectorAll("h1, .dimension > h2").forEach((title, place) => {
      title.textContent = page.querySelectorAll("h1, .dimension > h2")[place].textContent;
    });
    document.querySelectorAll("[data-notes]").forEach(list => {
      const now = page.querySelector(`[data-notes="${list.dataset.notes}"]`);
      if (now) list.innerHTML = now.innerHTML;
    });
    if (focused && find(focused)) find(focused).focus({preventScroll: true});
  }

  function order(list, now) {
    const before = new Map([...list.children].map(card => [card.id, card]));
    [...now.children].forEach((card, place) => {
      const known = before.get(card.id), put = known || document.importNode(card, true);
      before.delete(card.id);
      if (known) refresh(known, card);
      if (list.children[place] != put) list.insertBefore(put, list.children[place] || null);
      handle(put);
    });
    before.forEach(card => card.remove());
  }

  function refresh(card, now) {
    [".number", ".orders"].forEach(part => {
      card.querySelector(part).innerHTML = now.querySelector(part).innerHTML;
    });
  }

  // Order, by hand and by keyboard

  function move(card, step) {
    const form = card.querySelector(".orders form");
    if (!step || !form) return Promise.resolve();
    const act = card.querySelector(".orders button[name=step]");
    return act ? send(act.form, {name: "step", value: step}) : Promise.resolve();
  }

  function handle(card) {
    if (card.querySelector(".handle")) return;
    const grip = document.createElement("span");
    grip.className = "handle";
    grip.textContent = "⠿";
    grip.title = desk.dataset.drag;
    grip.setAttribute("aria-hidden", "true");
    grip.onpointerdown = event => {
      event.preventDefault();
      grip.setPointerCapture(event.pointerId);
      card.classList.add("dragged");
      grip.onpointermove = over => mark(card, over.clientY);
      grip.onpointerup = over => release(card, grip, over.clientY);
      grip.onpointercancel = () => release(card, grip);
    };
    card.querySelector(".which").appendChild(grip);
  }

  // How many of the other cards stand above the height y.
  function place(card, y) {
    return others(card).filter(one => {
      const box = one.getBoundingClientRect();
      return box.top + box.height / 2 < y;
    }).length;
  }

  const others = card => [...card.parentNode.children].filter(one => one != card);

  function mark(card, y) {
    const cards = others(card), at = y === undefined ? -1 : place(card, y);
    cards.forEach((one, number) => {
      one.classList.toggle("gap-above", number == at);
      one.classList.toggle("gap-below", at == cards.length && number == at - 1);
    });
    if (y < EDGE) scrollBy(0, -EDGE / 4);
    if (y > innerHeight - EDGE) scrollBy(0, EDGE / 4);
  }

  function release(card, grip, y) {
    const step = y === undefined ? 0 : place(card, y) - [...card.parentNode.children].indexOf(card);
    card.classList.remove("dragged");
    mark(card);
    grip.onpointermove = grip.onpointerup = grip.onpointercancel = null;
    move(card, step);
  }

  desk.addEventListener("keydown", event => {
    const card = event.altKey && event.target.closest(".question");
    const step = {ArrowUp: -1, ArrowDown: 1}[event.key];
    if (!card || !step) return;
    event.preventDefault();
    move(card, step).then(() => {
      const now = find(card.id);
      if (!now.contains(document.activeElement)) now.focus();
    });
  });

  // What is pressed and written

  desk.addEventListener("submit", event => {
    const form = event.target, within = form.closest(".orders"), adds = form.matches(".filter");
    event.preventDefault();
    if (!form.matches(".part-form") && !within && !adds) {
      leave(form);
      return;
    }
    const card = within && form.closest(".question"), list = card && card.parentNode;
    const button = form.querySelector("button[name]");
    const before = new Set([...desk.querySelectorAll(".question")].map(one => one.id));
    send(form, button).then(() => {
      if (adds) show([...desk.querySelectorAll(".question")].find(one => !before.has(one.id)));
      else if (card) show(find(card.id) || list.querySelector(".question"));
    });
  });

  // What is being saved comes first; nothing is finished that could not be saved.
  function leave(form) {
    waiting.then(() => {
      if (!failed || !form.closest("#advice")) form.submit();
    });
  }

  function show(card) {
    if (!card) return;
    const field = card.querySelector("textarea");
    (field || card).focus();
    card.scrollIntoView({block: "nearest"});
  }

  desk.addEventListener("change", event => {
    const form = event.target.closest(".part-form");
    if (form) send(form);
  });

  // The phone

  async function look() {
    const tongue = find("tongue").value;
    const page = await fetch(`${desk.dataset.preview}?in=${tongue}`, {credentials: "same-origin"});
    if (!page.ok) return;
    const text = await page.text(), inside = screen.contentDocument;
    const at = inside && inside.scrollingElement ? inside.scrollingElement.scrollTop : 0;
    screen.onload = () => { screen.contentDocument.scrollingElement.scrollTop = at; };
    screen.srcdoc = text;
  }

  function shown(card) {
    const inside = screen.contentDocument, one = card.id;
    return inside && inside.querySelector(`fieldset[id="${one}"], fieldset[data-key="${one}"]`);
  }

  desk.addEventListener("input", event => {
    const card = event.target.closest(".question");
    const there = card && event.target.name == `text.${find("tongue").value}` && shown(card);
    const legend = there && there.querySelector("legend");
    if (legend && !legend.childElementCount) legend.textContent = event.target.value;
  });

  desk.addEventListener("focusin", event => {
    const card = event.target.closest(".question"), there = card && shown(card);
    if (there) there.scrollIntoView({block: "center"});
  });

  find("tongue").value = document.documentElement.lang.slice(0, 2);
  find("tongue").onchange = look;
  find("phone").hidden = false;
  document.querySelectorAll(".question").forEach(handle);
  look().catch(() => {});
})();
