// A try of camera and microphone before a first class online. Loaded by that page alone; what the camera sees and the
// microphone hears stays in this browser: nothing is sent and nothing is kept.
const WHY = {
  NotAllowedError:
    "Your browser did not let us use the camera or the microphone. Start again and choose “Allow”, or ask us to call you.",
  NotFoundError: "No camera or no microphone was found. Is it plugged in and switched on?",
  NotReadableError: "Something else is using the camera or the microphone. Close other calls, then start again.",
};
const OTHER = "The camera or the microphone did not start. Start again, or ask us to call you.";
const QUIET = "We see you. We do not hear anything yet: say a few words, and check that the microphone is not muted.";
const HEARD = "Your camera and your microphone work.";
const ENOUGH = 12; // of 100: somebody speaks

const box = document.querySelector("[data-sf-rehearsal]");
const part = (name) => box.querySelector(`[data-sf-rehearsal-${name}]`);

class Test {
  constructor(stream) {
    this.stream = stream;
    this.sound = new AudioContext();
    this.listener = this.sound.createAnalyser();
    this.sound.createMediaStreamSource(stream).connect(this.listener);
    this.heard = false;
  }

  show() {
    const picture = part("picture");
    picture.srcObject = this.stream;
    picture.play().catch(() => {}); // the picture stands still, and the sound is tried all the same
    say(QUIET);
    this.timer = setInterval(() => this.listen(), 100);
  }

  listen() {
    const samples = new Float32Array(this.listener.fftSize);
    this.listener.getFloatTimeDomainData(samples);
    const power = samples.reduce((sum, one) => sum + one * one, 0) / samples.length;
    const loudness = Math.min(100, Math.round(Math.sqrt(power) * 400));
    part("sound").querySelector("meter").value = loudness;
    if (!this.heard && loudness >= ENOUGH) {
      this.heard = true;
      say(HEARD);
    }
  }

  end() {
    clearInterval(this.timer);
    for (const track of this.stream.getTracks()) track.stop();
    part("picture").srcObject = null;
    this.sound.close();
  }
}

let running = null;

function say(words) {
  part("said").textContent = words;
}

function lay(on) {
  for (const name of ["picture", "sound", "stop"]) part(name).hidden = !on;
  part("start").hidden = on;
}

async function start() {
  part("start").disabled = true;
  try {
    running = new Test(await navigator.mediaDevices.getUserMedia({ video: true, audio: true }));
    lay(true);
    running.show();
  } catch (error) {
    say(WHY[error.name] ?? OTHER);
  }
  part("start").disabled = false;
}

function stop() {
  running?.end();
  running = null;
  lay(false);
}

if (box && navigator.mediaDevices?.getUserMedia && globalThis.AudioContext) {
  box.hidden = false;
  document.querySelector("[data-sf-rehearsal-else]").hidden = true;
  part("start").addEventListener("click", start);
  part("stop").addEventListener("click", stop);
  addEventListener("pagehide", stop);
}
