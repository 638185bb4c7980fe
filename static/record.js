// Records on the page of one recording; what was recorded becomes the form's file. Up to ES2017.
(() => {
  const LONGEST = 6e4, RATE = 32e3;
  const find = id => document.getElementById(id);
  const box = find("recorder"), file = find("file");
  if (!box || !window.MediaRecorder || !navigator.mediaDevices || !window.DataTransfer) return;
  const type = ["audio/mp4", "audio/webm;codecs=opus", "audio/ogg;codecs=opus", ""]
    .find(one => !one || MediaRecorder.isTypeSupported(one));
  const button = find("record"), start = button.textContent;
  let recorder, timer;

  const say = what => { find("recorder-state").textContent = box.dataset[what] || ""; };

  function turn(on) {
    button.textContent = on ? button.dataset.stop : start;
    button.onclick = on ? stop : record;
  }

  async function record() {
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({audio: {channelCount: 1}});
    } catch (_) {
      say("refused");
      return;
    }
    const parts = [];
    recorder = new MediaRecorder(stream, Object.assign({audioBitsPerSecond: RATE}, type && {mimeType: type}));
    recorder.ondataavailable = event => parts.push(event.data);
    recorder.onstop = () => {
      clearTimeout(timer);
      stream.getTracks().forEach(track => track.stop());
      offer(new Blob(parts, {type: recorder.mimeType}));
    };
    recorder.start();
    timer = setTimeout(stop, LONGEST);
    find("heard").hidden = true;
    turn(true);
    say("recording");
  }

  function stop() {
    if (recorder.state != "inactive") recorder.stop();
  }

  function offer(sound) {
    const hand = new DataTransfer(), heard = find("heard");
    hand.items.add(new File([sound], "recording", {type: sound.type}));
    file.files = hand.files;
    heard.src = URL.createObjectURL(sound);
    heard.hidden = false;
    turn(false);
    say("listen");
  }

  button.onclick = record;
  box.hidden = false;
})();
