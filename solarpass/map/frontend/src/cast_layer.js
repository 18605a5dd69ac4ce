// Shadows of upright prisms for any sun, cast by the graphics card.
import { discRanges, fallsInto, KINDS, pieceMatrix, shadowStep, SOLID } from "./prisms.js";

const SHADOW = [16 / 255, 26 / 255, 56 / 255]; // as the server's pictures have it
const DEEPEST = 150 / 255;
const CHANNEL = [0, 0, 1, 2]; // solid and hanging let nothing through; crowns are apart
const HIDDEN = 3; // indoors, and beyond the edge of what is known

const BODY = `#version 300 es
precision highp float;
layout(location = 0) in vec3 corner;
uniform mat4 matrix;
uniform vec2 step;
void main() {
  gl_Position = matrix * vec4(corner.xy + corner.z * step, 0.0, 1.0);
  gl_Position.z = 0.0;
}`;
// The shade of a cylinder is the strip between two discs; a square around it is cut to that.
const CROWN = `#version 300 es
precision highp float;
layout(location = 0) in vec2 side;
layout(location = 1) in vec3 disc;
layout(location = 2) in vec2 span;
uniform mat4 matrix;
uniform vec2 step;
out vec2 offset;
out float radius;
out float reach;
void main() {
  float slope = length(step);
  vec2 along = slope > 0.0 ? step / slope : vec2(1.0, 0.0);
  vec2 across = vec2(-along.y, along.x);
  radius = disc.z;
  reach = slope * (span.y - span.x);
  offset = vec2(side.x < 0.0 ? -radius : reach + radius, side.y * radius);
  vec2 place = disc.xy + step * span.x + along * offset.x + across * offset.y;
  gl_Position = matrix * vec4(place, 0.0, 1.0);
  gl_Position.z = 0.0;
}`;
const MARK = `#version 300 es
precision highp float;
out vec4 mark;
void main() { mark = vec4(1.0); }`;
const BLANK = `#version 300 es
precision highp float;
out vec4 mark;
void main() { mark = vec4(0.0); }`;
const MARK_CROWN = `#version 300 es
precision highp float;
in vec2 offset;
in float radius;
in float reach;
out vec4 mark;
void main() {
  vec2 away = vec2(offset.x - clamp(offset.x, 0.0, reach), offset.y);
  if (dot(away, away) > radius * radius) discard;
  mark = vec4(1.0);
}`;
const WHOLE = `#version 300 es
precision highp float;
layout(location = 0) in vec2 side;
void main() { gl_Position = vec4(side, 0.0, 1.0); }`;
const SHADE = `#version 300 es
precision highp float;
uniform sampler2D marks;
uniform vec2 passed;
uniform vec4 deepest;
out vec4 colour;
void main() {
  vec4 mark = texelFetch(marks, ivec2(gl_FragCoord.xy), 0);
  float sun = (1.0 - mark.r) * mix(1.0, passed.x, mark.g) * mix(1.0, passed.y, mark.b);
  float shade = deepest.a * (1.0 - sun) * (1.0 - mark.a);
  colour = vec4(deepest.rgb * shade, shade);
}`;

/** A custom layer of MapLibre; pieces are added as they arrive, `sun` is null for none. */
export class CastLayer {
  constructor(id) {
    this.id = id;
    this.type = "custom";
    this.renderingMode = "2d";
    this.pieces = [];
    this.sun = null; // { azimuth, elevation, passed }
  }

  onAdd(map, gl) {
    this.map = map;
    this.gl = gl;
    this.body = program(gl, BODY, MARK);
    this.blank = program(gl, BODY, BLANK);
    this.crown = program(gl, CROWN, MARK_CROWN);
    this.shade = program(gl, WHOLE, SHADE);
    this.square = buffer(gl, gl.ARRAY_BUFFER, new Float32Array([-1, -1, 1, -1, -1, 1, 1, 1]));
    this.screen = gl.createVertexArray();
    gl.bindVertexArray(this.screen);
    pointTo(gl, 0, 2, this.square);
    gl.bindVertexArray(null);
    this.texture = gl.createTexture();
    this.frame = gl.createFramebuffer();
  }

  /** Show no shade beyond an extent's triangles, corners in Web Mercator from its anchor. */
  bound({ anchor, vertices, indices }) {
    const { gl } = this;
    const array = gl.createVertexArray();
    gl.bindVertexArray(array);
    pointTo(gl, 0, 2, buffer(gl, gl.ARRAY_BUFFER, vertices)); // whose height is then 0
    buffer(gl, gl.ELEMENT_ARRAY_BUFFER, indices);
    gl.bindVertexArray(null);
    this.extent = { array, count: indices.length, plane: { anchor, east: [1, 0], north: [0, 1] } };
  }

  /** Take over a piece's mesh; `bounds` are those of the index. */
  add(bounds, piece, { vertices, indices, ranges }) {
    const { gl } = this;
    const polygons = gl.createVertexArray();
    gl.bindVertexArray(polygons);
    pointTo(gl, 0, 3, buffer(gl, gl.ARRAY_BUFFER, vertices));
    buffer(gl, gl.ELEMENT_ARRAY_BUFFER, indices);
    gl.bindVertexArray(null);
    const held = { bounds, plane: piece, polygons, ranges };
    held.discs = discRanges(piece).map((range) => this.holdDiscs(piece.disc, range));
    this.pieces.push(held);
    this.map.triggerRepaint();
  }

  holdDiscs(disc, [first, count]) {
    if (!count) return null;
    const { gl } = this;
    const array = gl.createVertexArray();
    gl.bindVertexArray(array);
    pointTo(gl, 0, 2, this.square);
    const own = buffer(gl, gl.ARRAY_BUFFER, disc.subarray(5 * first, 5 * (first + count)));
    pointTo(gl, 1, 3, own, { stride: 20, each: 1 });
    pointTo(gl, 2, 2, own, { stride: 20, offset: 12, each: 1 });
    gl.bindVertexArray(null);
    return { array, count };
  }

  show(sun) {
    this.sun = sun;
    this.map.triggerRepaint();
  }

  /** What is shaded, marked in a picture of its own: overlapping shadows are one. */
  prerender(gl, { defaultProjectionData }) {
    if (!this.sun) return;
    this.fit(gl);
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.frame);
    gl.viewport(0, 0, this.width, this.height);
    gl.colorMask(true, true, true, true);
    gl.clearColor(0, 0, 0, this.extent ? 1 : 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
    gl.disable(gl.DEPTH_TEST);
    gl.disable(gl.STENCIL_TEST);
    gl.disable(gl.CULL_FACE);
    gl.disable(gl.BLEND); // every mark is a 1 in its own channel
    const step = shadowStep(this.sun.azimuth, this.sun.elevation);
    const main = defaultProjectionData.mainMatrix;
    if (this.extent) this.open(gl, main);
    const bounds = this.map.getBounds();
    const view = [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()];
    for (const piece of this.pieces)
      if (fallsInto(piece.bounds, view, step))
        this.mark(gl, piece, pieceMatrix(main, piece.plane), step);
    gl.colorMask(true, true, true, true);
    gl.bindVertexArray(null);
  }

  /** Lift what hides the shade off the extent. */
  open(gl, main) {
    gl.useProgram(this.blank.program);
    gl.uniformMatrix4fv(this.blank.at("matrix"), false, pieceMatrix(main, this.extent.plane));
    gl.uniform2f(this.blank.at("step"), 0, 0);
    maskAllBut(gl, HIDDEN);
    gl.bindVertexArray(this.extent.array);
    gl.drawElements(gl.TRIANGLES, this.extent.count, gl.UNSIGNED_INT, 0);
  }

  mark(gl, { polygons, ranges, discs }, matrix, step) {
    const use = (program_, along) => {
      gl.useProgram(program_.program);
      gl.uniformMatrix4fv(program_.at("matrix"), false, matrix);
      gl.uniform2f(program_.at("step"), ...along);
    };
    const draw = ([first, count]) =>
      count && gl.drawElements(gl.TRIANGLES, count, gl.UNSIGNED_INT, 4 * first);
    gl.bindVertexArray(polygons);
    use(this.body, step);
    for (let kind = 0; kind < KINDS; kind += 1) {
      maskAllBut(gl, CHANNEL[kind]);
      draw(ranges[kind]);
    }
    use(this.body, [0, 0]);
    maskAllBut(gl, HIDDEN);
    draw(ranges[SOLID]);
    use(this.crown, step);
    for (let kind = 0; kind < KINDS; kind += 1) {
      if (!discs[kind]) continue;
      maskAllBut(gl, CHANNEL[kind]);
      gl.bindVertexArray(discs[kind].array);
      gl.drawArraysInstanced(gl.TRIANGLE_STRIP, 0, 4, discs[kind].count);
    }
  }

  render(gl) {
    if (!this.sun) return;
    gl.useProgram(this.shade.program);
    gl.activeTexture(gl.TEXTURE0);
    gl.bindTexture(gl.TEXTURE_2D, this.texture);
    gl.uniform1i(this.shade.at("marks"), 0);
    gl.uniform2f(this.shade.at("passed"), ...this.sun.passed);
    gl.uniform4f(this.shade.at("deepest"), ...SHADOW, DEEPEST);
    // MapLibre's own test of depths stays: opaque areas above this layer are drawn before it.
    gl.disable(gl.STENCIL_TEST);
    gl.enable(gl.BLEND);
    gl.blendEquation(gl.FUNC_ADD);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    gl.bindVertexArray(this.screen);
    gl.drawArrays(gl.TRIANGLE_STRIP, 0, 4);
    gl.bindVertexArray(null);
  }

  /** Give the picture of marks the size of the map's. */
  fit(gl) {
    const { drawingBufferWidth: width, drawingBufferHeight: height } = gl;
    if (width === this.width && height === this.height) return;
    [this.width, this.height] = [width, height];
    gl.activeTexture(gl.TEXTURE0);
    gl.bindTexture(gl.TEXTURE_2D, this.texture);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA8, width, height, 0, gl.RGBA, gl.UNSIGNED_BYTE, null);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.NEAREST);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.NEAREST);
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.frame);
    gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, this.texture, 0);
  }

  /** Marks at places [longitude, latitude], as last drawn: four bytes each, or null out of view. */
  marksAt(places) {
    const { gl, map, width, height } = this;
    const bytes = new Uint8Array(4 * width * height);
    const before = gl.getParameter(gl.FRAMEBUFFER_BINDING);
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.frame);
    gl.readPixels(0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, bytes);
    gl.bindFramebuffer(gl.FRAMEBUFFER, before);
    const scale = width / map.getCanvas().clientWidth;
    return places.map((place) => {
      const { x, y } = map.project(place);
      const [column, row] = [Math.floor(x * scale), height - 1 - Math.floor(y * scale)];
      if (column < 0 || row < 0 || column >= width || row >= height) return null;
      return [...bytes.subarray(4 * (row * width + column), 4 * (row * width + column + 1))];
    });
  }
}

function maskAllBut(gl, channel) {
  gl.colorMask(channel === 0, channel === 1, channel === 2, channel === 3);
}

function program(gl, vertex, fragment) {
  const made = gl.createProgram();
  for (const [type, text] of [
    [gl.VERTEX_SHADER, vertex],
    [gl.FRAGMENT_SHADER, fragment],
  ]) {
    const shader = gl.createShader(type);
    gl.shaderSource(shader, text);
    gl.compileShader(shader);
    gl.attachShader(made, shader);
  }
  gl.linkProgram(made);
  if (!gl.getProgramParameter(made, gl.LINK_STATUS)) throw new Error(gl.getProgramInfoLog(made));
  const places = new Map();
  const at = (name) => {
    if (!places.has(name)) places.set(name, gl.getUniformLocation(made, name));
    return places.get(name);
  };
  return { program: made, at };
}

function buffer(gl, target, data) {
  const made = gl.createBuffer();
  gl.bindBuffer(target, made);
  gl.bufferData(target, data, gl.STATIC_DRAW);
  return made;
}

function pointTo(gl, place, size, from, { stride = 0, offset = 0, each = 0 } = {}) {
  gl.bindBuffer(gl.ARRAY_BUFFER, from);
  gl.enableVertexAttribArray(place);
  gl.vertexAttribPointer(place, size, gl.FLOAT, false, stride, offset);
  gl.vertexAttribDivisor(place, each);
}
