// Looking around in an equirectangular picture: one triangle that covers the canvas, and for each pixel of it the direction that is
// looked in. Drag or arrow keys to turn, wheel, + and - to come nearer. Without WebGL the flat picture stays as it is.
const VERTEX = "attribute vec2 at; varying vec2 seen; void main() { seen = at; gl_Position = vec4(at, 0.0, 1.0); }";
const FRAGMENT = `precision highp float; varying vec2 seen; uniform sampler2D all; uniform vec2 look; uniform vec2 open;
void main() {
  vec3 ray = normalize(vec3(seen * open, -1.0));
  float a = cos(look.y), b = sin(look.y), c = cos(look.x), d = sin(look.x);
  ray = vec3(ray.x, a * ray.y - b * ray.z, b * ray.y + a * ray.z);
  ray = vec3(c * ray.x - d * ray.z, ray.y, d * ray.x + c * ray.z);
  gl_FragColor = texture2D(all, vec2(atan(ray.x, -ray.z) / 6.2831853 + 0.5, acos(clamp(ray.y, -1.0, 1.0)) / 3.1415927));
}`;
const WIDEST = 1.9, NARROWEST = 0.6, STEEPEST = 1.5, STEP = 0.12;

const compiled = (gl) => {
  const program = gl.createProgram();
  for (const [kind, text] of [[gl.VERTEX_SHADER, VERTEX], [gl.FRAGMENT_SHADER, FRAGMENT]]) {
    const shader = gl.createShader(kind);
    gl.shaderSource(shader, text);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  return gl.getProgramParameter(program, gl.LINK_STATUS) ? program : null;
};

// No larger than the graphics memory takes.
const fitting = (gl, picture) => {
  const most = Math.min(gl.getParameter(gl.MAX_TEXTURE_SIZE), 8192);
  if (picture.naturalWidth <= most) return picture;
  const small = Object.assign(document.createElement("canvas"), { width: most, height: most / 2 });
  small.getContext("2d").drawImage(picture, 0, 0, small.width, small.height);
  return small;
};

const show = (place, picture) => {
  const canvas = document.createElement("canvas");
  const gl = canvas.getContext("webgl");
  const program = gl && compiled(gl);
  if (!program) return;
  gl.useProgram(program);
  gl.bindBuffer(gl.ARRAY_BUFFER, gl.createBuffer());
  gl.bufferData(gl.ARRAY_BUFFER, new Float32Array([-1, -1, 3, -1, -1, 3]), gl.STATIC_DRAW);
  gl.enableVertexAttribArray(0);
  gl.bindAttribLocation(program, 0, "at");
  gl.vertexAttribPointer(gl.getAttribLocation(program, "at"), 2, gl.FLOAT, false, 0, 0);
  gl.bindTexture(gl.TEXTURE_2D, gl.createTexture());
  gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGB, gl.RGB, gl.UNSIGNED_BYTE, fitting(gl, picture));
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.LINEAR);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE);
  const look = gl.getUniformLocation(program, "look"), open = gl.getUniformLocation(program, "open");
  let [round, up, wide, asked] = [0, 0, 1.3, false];

  const draw = () => {
    asked = false;
    const ratio = Math.min(window.devicePixelRatio || 1, 2);
    canvas.width = canvas.clientWidth * ratio;
    canvas.height = canvas.clientHeight * ratio;
    gl.viewport(0, 0, canvas.width, canvas.height);
    const tall = Math.tan(wide / 2);
    gl.uniform2f(look, round, up);
    gl.uniform2f(open, tall * (canvas.width / canvas.height), tall);
    gl.drawArrays(gl.TRIANGLES, 0, 3);
  };
  const turn = (x, y, nearer = 0) => {
    round += x;
    up = Math.max(-STEEPEST, Math.min(STEEPEST, up + y));
    wide = Math.max(NARROWEST, Math.min(WIDEST, wide - nearer));
    if (!asked) requestAnimationFrame(draw);
    asked = true;
  };
  canvas.addEventListener("pointerdown", (event) => canvas.setPointerCapture(event.pointerId));
  canvas.addEventListener("pointermove", (event) => {
    if (event.buttons) turn((-event.movementX * wide) / canvas.clientHeight, (event.movementY * wide) / canvas.clientHeight);
  });
  canvas.addEventListener("wheel", (event) => { event.preventDefault(); turn(0, 0, -event.deltaY / 1000); }, { passive: false });
  const keys = {
    ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, STEP], ArrowDown: [0, -STEP], "+": [0, 0, STEP], "-": [0, 0, -STEP],
  };
  place.addEventListener("keydown", (event) => {
    if (!keys[event.key]) return;
    event.preventDefault();
    turn(...keys[event.key]);
  });
  picture.hidden = true;
  place.prepend(canvas);
  new ResizeObserver(() => turn(0, 0)).observe(canvas);
};

for (const place of document.querySelectorAll("[data-panorama]")) {
  const picture = place.querySelector("img");
  if (picture.complete && picture.naturalWidth) show(place, picture);
  else picture.addEventListener("load", () => show(place, picture), { once: true });
}
