// “Read it to me”: the same form, one item a screen, read aloud. Loaded on tap. Up to ES2017.
// What is spoken never hangs on a choice: nothing here looks at one, and choosing stops nothing.
(() => {
  const LOADING = 1e3, PACE = .85;
  const STYLE = [
    ".away{display:none!important}",
    ".aloud fieldset{margin-top:.5rem}",
    ".aloud legend,.aloud ol{font-size:1.3rem}",
    ".aloud .pick{min-height:4.5rem;font-size:1.3rem}",
    ".sign{flex:none;width:2.4rem;height:2.4rem;line-height:2.1rem;margin-right:.75rem;border:2px solid;border-radius:50%;text-align:center;font-weight:700}",
    ".now{outline:4px solid var(--accent);outline-offset:2px}",
    ".aloud-row{display:flex;align-items:center}",
    ".aloud-row>*{flex:1}",
    ".aloud-row>*+*{margin-left:.75rem}",
    ".aloud-row>.away+*{margin-left:0}"
  ];
  const TEXT = 3;
  const form = document.getElementById("form"), opener = document.getElementById("aloud");
  if (!form || !opener || opener.opened) return;
  opener.opened = 1;
  const speaker = new Audio(), synthesis = window.speechSynthesis;
  let list, screens, here, bar, row, turn = 0, spoken = [];

  // Screens

  const stays = one => one.matches("script,[type=hidden],.default,.top,#helped");
  const own = one => [...one.childNodes].filter(part => part.nodeType == TEXT)
    .map(part => part.nodeValue).join("").trim();

  function line(one) {
    const sign = one.querySelector(".sign");
    return {one, text: (sign ? sign.textContent + ". " : "") + own(one)};
  }

  function cut() {
    const children = [...form.children].filter(one => !stays(one));
    const last = children.map(one => one.tagName).lastIndexOf("FIELDSET");
    const found = [{item: "consent", parts: [], said: [...form.querySelectorAll("ol li")].map(line)}];
    let lead = found[0].parts, told = [];
    children.slice(0, last + 1).forEach(one => {
      if (one.tagName == "H2") told = lead = [];
      else if (one.tagName != "FIELDSET") lead.push(one);
      else {
        const asked = [...one.querySelectorAll("legend,legend>label,small,.pick")];
        const said = told.concat(asked).map(line).filter(({text}) => text);
        found.push({item: one.id || one.dataset.key, parts: lead.concat(one), said});
        told = [];
      }
    });
    return found.concat(end(children.slice(last + 1)));
  }

  function end(parts) {
    const said = parts.map(one => one.matches("h2") && one.querySelector("label"));
    const button = parts.find(one => one.matches("button"));
    return {item: "end", parts, said: said.filter(one => one).map(line).concat({one: button, text: list.words.send})};
  }

  // The same signs for everybody, so that who cannot read can count the choices.
  function number() {
    form.querySelectorAll("fieldset").forEach(item => {
      item.querySelectorAll(".pick input").forEach((input, place) => {
        const sign = mark(place + 1);
        sign.className = "sign";
        input.insertAdjacentElement("afterend", sign);
      });
    });
  }

  function mark(text) {
    const sign = document.createElement("span");
    sign.textContent = text;
    sign.setAttribute("aria-hidden", "true");
    return sign;
  }

  const away = (one, on) => one.classList.toggle("away", on);

  function show(place) {
    hush();
    here = Math.max(0, Math.min(place, screens.length - 1));
    const {parts} = screens[here], items = screens.length - 2, isItem = here > 0 && here <= items;
    [...form.children].forEach(one => stays(one) || away(one, parts.indexOf(one) < 0));
    [bar, row].forEach(one => away(one, false));
    [opener, document.getElementById("done")].forEach(one => away(one, true));
    away(document.getElementById("summary"), isItem);
    away(row.back, !here);
    away(row.next, here > items);
    bar.place.textContent = isItem ? here + " / " + items : "";
    face(parts.find(one => one.matches("h1,h2,fieldset")) || bar.again);
    scrollTo(0, 0);
  }

  function face(one) {
    const head = one.querySelector("legend") || one;
    if (head != bar.again) head.tabIndex = -1;
    head.focus();
  }

  // A tap reads on; whoever goes on by keyboard or screen reader asks for it with “Once more”.
  function go(step, event) {
    show(here + step);
    if (event.detail) speak();
  }

  // Sound

  const unlight = () => form.querySelectorAll(".now").forEach(one => one.classList.remove("now"));
  const light = one => one && one.classList.add("now");

  function tell(what) {
    unlight();
    bar.told.textContent = list.words[what] || "";
    if (what == "tap") light(bar.again);
  }

  function hush() {
    turn++;
    speaker.pause();
    if (synthesis) synthesis.cancel();
    spoken = [];
    tell("");
  }

  function speak() {
    hush();
    const mine = turn, screen = screens[here], [address, type] = list.sounds[screen.item] || [];
    if (!address || !speaker.canPlayType(type)) return utter(mine);
    if (screen.said[0]) light(screen.said[0].one);
    speaker.onended = unlight;
    speaker.onerror = () => mine == turn && utter(mine);
    speaker.src = address;
    const begun = speaker.play();
    if (begun) begun.catch(fault => mine == turn && fault.name == "NotAllowedError" && tell("tap"));
  }

  // Only a voice that is on the phone itself: others would send what they read to somebody.
  function voice() {
    const wanted = /^en/.test(document.documentElement.lang) ? /^en/i : /^(zh|cmn)(?!.(HK|TW|Hant))/i;
    return synthesis && synthesis.getVoices().find(one => one.localService && wanted.test(one.lang));
  }

  async function utter(mine) {
    unlight();
    if (synthesis && !synthesis.getVoices().length) await new Promise(come => {
      synthesis.onvoiceschanged = come;
      setTimeout(come, LOADING);
    });
    if (mine != turn) return;
    const found = voice();
    if (!found) return tell("silent");
    spoken = screens[here].said.map(({one, text}) => {
      const words = new SpeechSynthesisUtterance(text);
      words.voice = found;
      words.lang = found.lang;
      words.rate = PACE;
      words.onstart = () => mine == turn && light(one);
      words.onend = () => mine == turn && unlight();
      words.onerror = fault => mine == turn && tell(fault.error == "not-allowed" ? "tap" : "silent");
      return words;
    });
    spoken.forEach(words => synthesis.speak(words));
  }

  // On and off

  function make(tag, parent, text, act) {
    const one = parent.appendChild(document.createElement(tag));
    one.textContent = text || "";
    if (act) {
      one.type = "button";
      one.className = "plain";
      one.onclick = act;
    }
    return one;
  }

  function frame() {
    bar = document.createElement("div");
    row = document.createElement("div");
    const top = make("div", bar), steps = make("div", row);
    top.className = steps.className = "aloud-row";
    bar.place = make("strong", top);
    bar.again = make("button", top, list.words.again, speak);
    bar.again.insertBefore(mark("\u25b6\ufe0e "), bar.again.firstChild);
    bar.told = make("p", bar);
    bar.told.className = "box";
    bar.told.setAttribute("role", "status");
    row.back = make("button", steps, list.words.back, event => go(-1, event));
    row.back.insertBefore(mark("\u2190 "), row.back.firstChild);
    row.next = make("button", steps, list.words.next, event => go(1, event));
    row.next.appendChild(mark(" \u2192"));
    row.next.className = "";
    make("button", row, list.words.leave, leave);
    form.insertBefore(bar, form.querySelector("h1"));
    form.appendChild(row);
  }

  const LISTENED = [
    [form, "submit", hush],
    [form, "keydown", onKey],
    [form, "click", onClick],
    [window, "pagehide", hush],
    [document, "visibilitychange", hush]
  ];

  function open() {
    number();
    screens = cut();
    frame();
    form.classList.add("aloud");
    LISTENED.forEach(([where, what, act]) => where.addEventListener(what, act));
    watch.observe(document.documentElement, {childList: true});
    show(0);
    speak();
  }

  function close() {
    hush();
    LISTENED.forEach(([where, what, act]) => where.removeEventListener(what, act));
    watch.disconnect();
  }

  function leave() {
    close();
    [bar, row].concat(...form.querySelectorAll(".sign")).forEach(one => one.remove());
    form.querySelectorAll(".away").forEach(one => away(one, false));
    form.classList.remove("aloud");
    opener.onclick = open;
    face(screens[here].parts[0]);
  }

  // Enter would send from the middle.
  function onKey(event) {
    if (event.key != "Enter" || !/radio|checkbox/.test(event.target.type)) return;
    event.preventDefault();
    show(here + 1);
  }

  function onClick(event) {
    if (event.target.id != "first") return;
    event.preventDefault();
    show(screens.findIndex(one => "#" + one.item == event.target.hash));
  }

  // The thanks takes the place of the whole page: then nothing of this one is said or kept.
  const watch = new MutationObserver(() => document.contains(form) || close());

  fetch("/s/" + opener.value + "?lang=" + document.documentElement.lang.slice(0, 2))
    .then(answer => answer.ok ? answer.json() : Promise.reject())
    .then(found => {
      list = found;
      STYLE.forEach(rule => document.styleSheets[0].insertRule(rule, 0));
      open();
    }, () => { opener.opened = 0; });
})();
