// Slips on paper, keyed twice and blind, compared here, sent through the villagers' door. Up to ES2017.
(() => {
  const find = id => document.getElementById(id), paper = find("paper");
  const sheet = JSON.parse(paper.dataset.sheet), words = JSON.parse(paper.dataset.words);
  const form = find("slip"), code = find("code"), comment = find("comment");
  const boxes = sheet.keys.map((_, place) => find("item-" + (place + 1)));
  const PERSONS = ["first", "second"], STAGES = ["keying", "compared", "sent"];
  const PATIENCE = 2e4, SLOWEST = 6e4;
  const OUTCOMES = {
    used: "used", spent: "used", void: "void", closed: "closed", early: "closed", unknown: "unknown"
  };
  const agreed = new Map();
  let stacks = [new Map(), new Map()], wanted = [null, null], person = 0, counted = 0, busy, wake;

  const fill = (word, number) => words[word].replace("{number}", number);
  const grouped = digits => digits.replace(/(\d{4})(?=\d)/g, "$1 ");
  const plain = text => text.normalize("NFKC");

  function stage(name) {
    STAGES.forEach(one => { find(one).hidden = one != name; });
  }

  function list(id, lines) {
    find(id).textContent = "";
    lines.forEach(line => {
      find(id).appendChild(document.createElement("li")).textContent = line;
    });
  }

  // Keying

  function begin(who) {
    person = who;
    find("who").textContent = words[PERSONS[who] + (wanted[who] ? "Again" : "")];
    list("wanted", [...wanted[who] || []].map(grouped));
    find("wanted").hidden = !wanted[who];
    stage("keying");
    clear();
  }

  function clear() {
    code.value = "";
    boxes.forEach(box => put(box, ""));
    if (comment) comment.value = "";
    say("");
    find("count").textContent = fill("count", stacks[person].size);
    code.focus();
  }

  const say = word => { find("fault").textContent = word && words[word]; };
  const digitsOf = text => {
    const scanned = /\/t\/(\d+)$/i.exec(text);
    return scanned ? scanned[1] : text.replace(/[\s-]/g, "");
  };
  const isWhole = digits => digits.length == sheet.digits && !/\D/.test(digits);

  // Damm's check digit: core/codes.py says more.
  const isRight = digits => ![...digits].reduce((row, digit) => sheet.table[row][digit], 0);

  function fault(digits) {
    if (!isWhole(digits)) return "digits";
    if (!isRight(digits)) return "wrong";
    if (agreed.has(digits)) return "agreed";
    return wanted[person] && !wanted[person].has(digits) && "strange";
  }

  function typeCode() {
    const digits = digitsOf(plain(code.value));
    if (!isWhole(digits)) return say("");
    code.value = grouped(digits);
    const wrong = fault(digits);
    say(wrong || (stacks[person].has(digits) ? "twice" : ""));
    if (!wrong) boxes[0].focus();
  }

  function put(box, digit) {
    const place = boxes.indexOf(box), choice = JSON.parse(box.dataset.choices)[digit - 1];
    box.value = digit;
    find("said-" + (place + 1)).textContent = digit == "0" ? words.blank : choice || "";
  }

  function typeDigit(box) {
    const digit = plain(box.value).slice(-1).replace(" ", "0"), place = boxes.indexOf(box);
    if (!/^[0-5]$/.test(digit)) return put(box, "");
    put(box, digit);
    (boxes[place + 1] || comment || form.querySelector("[type=submit]")).focus();
  }

  function step(place) {
    const field = boxes[place] || (place < 0 ? code : comment);
    if (field) field.focus();
    return field;
  }

  function goBack(place) {
    if (place > 0) put(step(place - 1), "");
    else step(-1);
  }

  function press(event) {
    const place = boxes.indexOf(event.target), at = place < 0 ? boxes.length : place;
    if (event.target == code) return;
    if (event.key == "Backspace" && !event.target.value) {
      event.preventDefault();
      goBack(at);
    } else if (event.key == "ArrowUp" || event.key == "ArrowDown") {
      event.preventDefault();
      step(at + (event.key == "ArrowUp" ? -1 : 1));
    }
  }

  function next() {
    const digits = digitsOf(plain(code.value)), wrong = fault(digits);
    const open = boxes.find(box => !box.value);
    if (wrong) {
      say(wrong);
      code.focus();
    } else if (open) {
      say("open");
      open.focus();
    } else {
      stacks[person].set(digits, {
        answers: boxes.map(box => box.value),
        comment: comment ? comment.value.trim() : ""
      });
      clear();
    }
  }

  const isBegun = () => [code, comment, ...boxes].some(field => field && field.value);

  function finish() {
    if (isBegun()) {
      say("unfinished");
      code.focus();
    } else if (person || wanted[1] && !wanted[1].size) compare();
    else begin(1);
  }

  // Comparing

  const bare = text => plain(text).replace(/[\s.,;:!?'"，。、；：！？…‘’“”（）()-]+/g, "");

  function differences(one, other) {
    const named = boxes.map((box, place) => place + 1 + ". " + box.labels[0].textContent)
      .filter((_, place) => one.answers[place] != other.answers[place]);
    return bare(one.comment) == bare(other.comment) ? named : [...named, words.comment];
  }

  function compare() {
    const lines = [], [first, second] = stacks, anew = [new Set(), new Set()];
    new Set([...first.keys(), ...second.keys()]).forEach(digits => {
      const both = first.has(digits) && second.has(digits);
      const apart = both ? differences(first.get(digits), second.get(digits))
        : [words[first.has(digits) ? "onlyFirst" : "onlySecond"]];
      if (!apart.length) {
        agreed.set(digits, first.get(digits));
        stacks.forEach(stack => stack.delete(digits));
        return;
      }
      lines.push(grouped(digits) + " · " + apart.join(" · "));
      stacks.forEach((stack, who) => (both || !stack.has(digits)) && anew[who].add(digits));
    });
    wanted = anew;
    list("differing", lines);
    drawCompared(lines.length);
  }

  function drawCompared(left) {
    find("ready").textContent = fill("ready", agreed.size);
    find("apart").hidden = !left;
    find("send").textContent = fill("send", agreed.size);
    find("send").hidden = !agreed.size;
    stage("compared");
    find("result").focus();
  }

  function again() {
    stacks.forEach((stack, who) => wanted[who].forEach(digits => stack.delete(digits)));
    begin(wanted[0].size ? 0 : 1);
  }

  function restart() {
    stacks = [new Map(), new Map()];
    wanted = [null, null];
  }

  // Sending

  const pause = time => new Promise(go => {
    wake = go;
    setTimeout(go, time);
  });

  async function post(fields) {
    const asked = fetch(sheet.address, {
      method: "POST",
      body: new URLSearchParams(fields),
      credentials: "omit",
      referrerPolicy: "no-referrer"
    }).then(async answer => answer.status < 500 && answer.text());
    const late = new Promise((_, fail) => setTimeout(fail, PATIENCE));
    const text = String(await Promise.race([asked, late])).replace(/<style[\s\S]*?<\/style>/, "");
    const page = new DOMParser().parseFromString(text, "text/html");
    if (!page.body.dataset.is || page.body.dataset.is == "slower") throw 0;
    return page;
  }

  async function ask(fields) {
    for (let tries = 0; ; tries++) {
      try {
        return await post(fields);
      } catch (_) {
        find("progress").textContent = fill("waiting", agreed.size);
        await pause(Math.min(SLOWEST, 2e3 * 2 ** tries));
      }
    }
  }

  // The slip's own form says whether it is of this round and questionnaire, and gives the number
  // by which a form that is sent again counts once.
  async function cast(digits, entry) {
    const shown = await ask({code: digits, mark: sheet.mark}), asked = shown.getElementById("form");
    if (!asked) return OUTCOMES[shown.body.dataset.is] || "foreign";
    const keys = [...asked.querySelectorAll("fieldset")].map(one => one.id);
    if (!asked.elements.mark || keys.join() != sheet.keys.join()) return "foreign";
    const filled = new URLSearchParams({
      code: digits, once: asked.elements.once.value, mark: sheet.mark, reminded: 1,
      comment: entry.comment
    });
    sheet.keys.forEach((key, place) => filled.append(key, sheet.values[entry.answers[place]]));
    const is = (await ask(filled)).body.dataset.is;
    return is == "thanks" ? is : OUTCOMES[is] || "foreign";
  }

  async function send() {
    busy = true;
    stage("sent");
    find("more").hidden = find("left").hidden = true;
    find("sending").focus();
    for (const [digits, entry] of agreed) {
      find("progress").textContent = fill("sending", agreed.size);
      const outcome = await cast(digits, entry);
      agreed.delete(digits);
      if (outcome == "thanks") counted++;
      else list("refused", [...refused(), grouped(digits) + " · " + words[outcome]]);
      find("counted").textContent = fill("sent", counted);
    }
    find("progress").textContent = "";
    busy = false;
    conclude();
  }

  const refused = () => [...find("refused").children].map(line => line.textContent);

  function conclude() {
    const left = stacks.some(stack => stack.size);
    find("left").hidden = !left;
    find("more").hidden = left;
    find(left ? "left" : "more").focus();
  }

  function isHeld() {
    return busy || agreed.size || stacks.some(stack => stack.size) || isBegun();
  }

  function forget() {
    restart();
    agreed.clear();
    clear();
    list("refused", []);
  }

  code.oninput = typeCode;
  boxes.forEach(box => {
    box.oninput = () => typeDigit(box);
    box.onfocus = () => box.select();
  });
  form.onkeydown = press;
  form.onsubmit = event => {
    event.preventDefault();
    next();
  };
  find("finish").onclick = finish;
  find("again").onclick = again;
  find("drop").onclick = () => {
    restart();
    drawCompared(0);
    if (!agreed.size) begin(0);
  };
  find("send").onclick = send;
  find("left").onclick = compare;
  find("more").onclick = () => {
    restart();
    begin(0);
  };
  addEventListener("online", () => wake && wake());
  addEventListener("beforeunload", event => {
    if (!isHeld()) return;
    event.preventDefault();
    event.returnValue = "";
  });
  addEventListener("pagehide", forget);
  addEventListener("pageshow", event => event.persisted && location.reload());
  paper.hidden = false;
  begin(0);
})();
