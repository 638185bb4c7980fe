// Slips on paper, keyed twice and blind, compared here, sent through the villagers' door. Up to ES2017.
(() => {
  const find = id => document.getElementById(id), paper = find("paper");
  const sheet = JSON.parse(paper.dataset.sheet), words = JSON.parse(paper.dataset.words);
  const form = find("slip"), code = find("code"), comment = find("comment");
  const boxes = sheet.keys.map((_, place) => find("item-" + (place + 1)));
  const beside = sheet.extras.map((_, place) => find("extra-" + (place + 1)));
  const fields = [...boxes, ...beside, comment].filter(field => field);
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
    fields.slice(boxes.length).forEach(field => { field.value = ""; });
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
    (fields[place + 1] || form.querySelector("[type=submit]")).focus();
  }

  function step(place) {
    const field = place < 0 ? code : fields[place];
    if (field) field.focus();
  }

  function goBack(place) {
    if (boxes[place - 1]) put(boxes[place - 1], "");
    step(place - 1);
  }

  function press(event) {
    const place = fields.indexOf(event.target), at = place < 0 ? fields.length : place;
    if (event.target == code) return;
    if (event.key == "Backspace" && !event.target.value) {
      event.preventDefault();
      goBack(at);
    } else if (event.key == "ArrowUp" || event.key == "ArrowDown") {
      event.preventDefault();
      step(at + (event.key == "ArrowUp" ? -1 : 1));
    }
  }

  // What a question that is not graded sends: names with values, none where it is blank, null
  // where it is not answered as it was asked.
  const KINDS = {
    choice(text, {key, options}) {
      const found = chosen(text, options);
      return found && found.length == 1 ? [[key, found[0]]] : null;
    },
    choices(text, {key, options}) {
      const found = chosen(text, options);
      return found && found.map(one => [key + "." + one, 1]);
    },
    number: (text, {key, least, most}) =>
      /^[-+]?\d+$/.test(text) && +text >= least && +text <= most ? [[key, text]] : null,
    text: (text, {key}) => [[key, text]]
  };

  function chosen(text, options) {
    const found = text.split(/[\s,.、]+/).filter(one => one).map(one => options[one - 1]);
    return found.every(one => one) ? options.filter(one => found.indexOf(one) >= 0) : null;
  }

  function pairs(field) {
    const text = plain(field.value).trim(), extra = sheet.extras[beside.indexOf(field)];
    return text ? KINDS[extra.kind](text, extra) : [];
  }

  function next() {
    const digits = digitsOf(plain(code.value)), wrong = fault(digits);
    const open = boxes.find(box => !box.value), outside = beside.find(field => !pairs(field));
    if (wrong) {
      say(wrong);
      code.focus();
    } else if (open) {
      say("open");
      open.focus();
    } else if (outside) {
      say("outside");
      outside.focus();
    } else {
      stacks[person].set(digits, {
        answers: boxes.map(box => box.value),
        beside: beside.map(pairs),
        comment: comment ? comment.value.trim() : ""
      });
      clear();
    }
  }

  const isBegun = () => [code, ...fields].some(field => field.value);

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
    beside.forEach((field, place) => {
      const read = sheet.extras[place].kind == "text" ? bare : String;
      if (read(String(one.beside[place])) != read(String(other.beside[place]))) {
        named.push(field.labels[0].firstChild.nodeValue.trim());
      }
    });
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
    const keys = [...asked.querySelectorAll("fieldset")].map(one => one.id || one.dataset.key);
    if (!asked.elements.mark || keys.join() != sheet.order.join()) return "foreign";
    const filled = new URLSearchParams({
      code: digits, once: asked.elements.once.value, mark: sheet.mark, reminded: 1,
      comment: entry.comment
    });
    sheet.keys.forEach((key, place) => filled.append(key, sheet.values[entry.answers[place]]));
    entry.beside.forEach(found => found.forEach(([name, value]) => filled.append(name, value)));
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
