// Scanning codes with the camera where the browser can read them by itself; typing works everywhere.
const form = document.querySelector("[data-till]");
const [open, box, stop, none] = ["scan", "camera", "stop", "no-camera"].map((name) => form?.querySelector(`[data-${name}]`));
const video = form?.querySelector("video");
const CODE = /^\d{12}$/;
let stream = null;

const end = () => {
  stream?.getTracks().forEach((track) => track.stop());
  stream = null;
  box.hidden = true;
};

const look = async (detector) => {
  if (!stream) return;
  const found = await detector.detect(video).catch(() => []);
  const code = found.map((one) => one.rawValue.replace(/\s/g, "")).find((text) => CODE.test(text));
  if (!code) return setTimeout(() => look(detector), 150);
  end();
  form.elements.code.value = code;
  form.requestSubmit();
};

const begin = async () => {
  try {
    const detector = new BarcodeDetector({ formats: ["qr_code"] });
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    video.srcObject = stream;
    box.hidden = false;
    await video.play();
    look(detector);
  } catch {
    end();
    none.hidden = false;
  }
};

if (form && !("BarcodeDetector" in window && navigator.mediaDevices)) none.hidden = false;
else if (form) {
  open.hidden = false;
  open.addEventListener("click", begin);
  stop.addEventListener("click", end);
  addEventListener("pagehide", end);
}
