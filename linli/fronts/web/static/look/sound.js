// The chime of a new order, synthesised: two soft bells. <body data-chime="live:order-paid"> rings on that event; browsers
// let a page sound only after a touch, so [data-sound-on] is the button that allows it and tries it.
let voice;
export function chime() {
  voice ??= new AudioContext();
  voice.resume();
  [[659.25, 0], [987.77, 0.18], [783.99, 0.36]].forEach(([pitch, later]) => {
    const at = voice.currentTime + later;
    for (const [times, loud] of [[1, 0.22], [2.76, 0.05], [5.4, 0.02]]) {
      const tone = voice.createOscillator(), swell = voice.createGain();
      tone.frequency.value = pitch * times;
      swell.gain.setValueAtTime(0, at);
      swell.gain.linearRampToValueAtTime(loud, at + 0.012);
      swell.gain.exponentialRampToValueAtTime(0.0001, at + 1.4 / Math.sqrt(times));
      tone.connect(swell).connect(voice.destination);
      tone.start(at);
      tone.stop(at + 1.5);
    }
  });
}
const place = document.querySelector("[data-chime]");
for (const name of (place?.dataset.chime ?? "").split(" ").filter(Boolean)) document.body.addEventListener(name, () => voice && chime());
document.addEventListener("click", (event) => {
  const button = event.target instanceof Element ? event.target.closest("[data-sound-on]") : null;
  if (button) { chime(); button.setAttribute("aria-pressed", "true"); }
});
