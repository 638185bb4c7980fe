// What the villager's page gains where scripts run; everything works without. Up to ES2017.
(() => {
  const DAY = 864e5, PATIENCE = 2e4, SLOWEST = 6e4, MINE = "cunping:";
  const find = id => document.getElementById(id), show = (id, on) => { find(id).hidden = !on; };
  const [long, short] = ["localStorage", "sessionStorage"].map(name => {
    try {
      return window[name].length + 1 && window[name];
    } catch (_) {
      return null;
    }
  });
  let form, store, mine, body, timer, tries = 0;

  const items = () => [...form.querySelectorAll("fieldset[id]")];
  const blank = () => items().filter(one => !one.querySelector(":checked"));
  // Many codes share a number: who finds it on a phone has not found the slip.
  const number = text => [...text].reduce((sum, sign) => sum * 31 + sign.charCodeAt(0) | 0, 7);
  const say = what => { find("state").textContent = form.dataset[what]; };

  function drafts(each) {
    [long, short].forEach(store => store && Object.keys(store).forEach(key => {
      if (key.indexOf(MINE)) return;
      const draft = JSON.parse(store[key]), drop = () => { delete store[key]; };
      if (Date.now() - draft.at > DAY) drop();
      else each(draft, drop, key);
    }));
  }

  const wipe = () => drafts((draft, drop) => drop());

  // What names the slip is kept only with an answer that was sent and not yet acknowledged.
  function keep(sent) {
    body = new URLSearchParams(new FormData(form));
    if (sent) body.append("reminded", 1);
    else form.querySelectorAll("[type=hidden]").forEach(one => body.delete(one.name));
    body += "";
    try {
      store[mine] = JSON.stringify({at: Date.now(), sent, to: form.action, body});
      show("kept", 1);
    } catch (_) { /* No room, or none allowed: then nothing is kept. */ }
  }

  // Only a page of ours is an answer: not that of a gateway, nor of a server that has no time.
  async function post(to, body) {
    const asked = fetch(to, {method: "POST", body: new URLSearchParams(body)})
      .then(async answer => answer.status < 500 && answer.text());
    const late = new Promise((_, fail) => setTimeout(fail, PATIENCE));
    const page = new DOMParser().parseFromString(await Promise.race([asked, late]), "text/html");
    if (!page.body.dataset.is) throw 0;
    return page;
  }

  // Once sent nothing can be changed, or thanks might be for something else than what was counted.
  function lock() {
    keep(1);
    [...form.elements].forEach(one => { one.disabled = 1; });
    send();
  }

  async function send() {
    timer = clearTimeout(timer);
    say("sending");
    try {
      turn(await post(form.action, body));
    } catch (_) {
      say("waiting");
      timer = setTimeout(send, Math.min(SLOWEST, 2e3 * 2 ** tries++) * (1 + Math.random()));
    }
  }

  function turn(page) {
    document.title = page.title;
    document.body = page.body;
    scrollTo(0, 0);
    start();
    document.querySelector("[role=alert]:not([hidden]),h1").focus();
  }

  function begin() {
    const code = form.elements.code, again = find("summary");
    form.querySelectorAll("script").forEach(one => {
      one.insertAdjacentHTML("afterend", one.textContent);
    });
    store = code ? !long || long.helper ? null : long : short;
    mine = MINE + number(code ? code.value : location.pathname);
    if (code) history.replaceState(code.value, "", "/t/");
    let before;
    drafts((draft, drop, key) => {
      if (key == mine) before = draft;
      else if (draft.sent) post(draft.to, draft.body).then(drop, () => 0);
      else drop();
    });
    form.oninput = () => {
      keep(0);
      count();
    };
    form.onclick = event => { form.leave = event.target.name == "switch"; };
    form.onsubmit = event => {
      const open = blank();
      if (form.leave) return;
      event.preventDefault();
      if (!open[0] || form.reminded || again) return lock();
      form.reminded = 1;
      open.forEach(one => one.classList.add("missing"));
      find("first").href = "#" + open[0].id;
      show("summary", 1);
      find("summary").focus();
    };
    find("wipe").onclick = () => {
      wipe();
      form.reset();
      show("kept", 0);
      count();
    };
    if (again) keep(0);
    else if (before) {
      new URLSearchParams(before.body).forEach((value, name) => {
        const one = form.elements[name];
        if (one) one.checked = one.value = value;
      });
      show("kept", 1);
      if (before.sent) lock();
    }
    find("aloud").onclick = () => load("aloud");
    count();
  }

  function count() {
    find("done").textContent = items().length - blank().length + " / " + items().length;
  }

  function start() {
    const is = document.body.dataset.is, code = find("code");
    form = find("form");
    if (form) begin();
    else drafts(() => 0);
    if (code && history.state && !find("problem")) {
      post(code.form.action, {code: history.state}).then(turn, () => 0);
    }
    if (/thanks|used|spent|void|closed/.test(is)) {
      wipe();
      body = 0;
      history.replaceState(null, "", location.pathname.replace(/^(.t.).*/i, "$1"));
    }
    if (long && long.helper) load("helper");
  }

  function load(name) {
    document.head.appendChild(document.createElement("script")).src = "/static/" + name + ".js";
  }

  addEventListener("online", () => timer && send());
  start();
})();
