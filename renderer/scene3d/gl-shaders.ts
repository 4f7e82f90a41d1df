import { deepestFog, faintAlpha, fogFrom, fogTo } from '#core/scene3d/looks.ts';

const fogGlsl = `
float fogAt(float depth) {
  return ${deepestFog.toFixed(2)} * clamp((${fogFrom.toFixed(2)} - depth) / ${(fogFrom - fogTo).toFixed(2)}, 0.0, 1.0);
}`;

/** The same arithmetic as \`place\` in camera.ts: depth is towards the eye, eye 0 means no perspective. */
const placing = `
uniform mat3 rotation;
uniform vec3 target;
uniform vec2 unit;
uniform float apart;
uniform float eye;
vec4 placed(vec3 p, float side) {
  vec3 v = rotation * (p - target);
  float scale = eye > 0.0 ? eye / max(0.1, eye - v.z) : 1.0;
  return vec4((v.xy * scale + vec2(side * apart, 0.0)) * unit, v.z, scale);
}`;

export const markVertex = `
precision highp float;
in float side;
in float shape;
in float stands;
in vec3 ink;
uniform float size;
uniform float ratio;
uniform float hovered;
${placing}
out vec3 fill;
out float radius;
flat out float room;
out float depth;
flat out int kind;
flat out int level;
void main() {
  vec4 p = placed(position, side);
  bool strong = stands > 2.5 || float(gl_VertexID) == hovered;
  float grown = strong ? 1.25 : 1.0;
  radius = 0.5 * size * p.w * ratio * grown;
  gl_Position = vec4(p.xy, 0.0, 1.0);
  // Room for the rim, and for the ring around a selected mark: every pixel more is paid for by every mark.
  room = (strong ? 7.0 : 1.5) * ratio;
  gl_PointSize = 2.0 * (radius + room);
  fill = ink;
  depth = p.z;
  kind = int(shape + 0.5);
  level = float(gl_VertexID) == hovered ? 4 : int(stands + 0.5);
}`;

/** Distances to the outlines of the marks (negative inside), for a mark of radius 1; y is up. */
export const markFragment = `
precision highp float;
in vec3 fill;
in float radius;
flat in float room;
in float depth;
flat in int kind;
flat in int level;
uniform vec3 ground;
uniform vec3 text;
uniform vec3 accent;
uniform float ratio;
out vec4 colour;
${fogGlsl}
float star(vec2 p) {
  const vec2 k1 = vec2(0.809016994, -0.587785252);
  const vec2 k2 = vec2(-k1.x, k1.y);
  p.x = abs(p.x);
  p -= 2.0 * max(dot(k1, p), 0.0) * k1;
  p -= 2.0 * max(dot(k2, p), 0.0) * k2;
  p.x = abs(p.x);
  p.y -= 1.0;
  vec2 ba = 0.45 * vec2(-k1.y, k1.x) - vec2(0.0, 1.0);
  float h = clamp(dot(p, ba) / dot(ba, ba), 0.0, 1.0);
  return length(p - ba * h) * sign(p.y * ba.x - p.x * ba.y);
}
float bar(vec2 p) {
  p = abs(p);
  return min(max(p.x - 0.95, p.y - 0.33), max(p.x - 0.33, p.y - 0.95));
}
float outline(vec2 p) {
  if (kind == 0) return length(p) - 0.84;
  if (kind == 1) return max(abs(p.x), abs(p.y)) - 0.76;
  if (kind == 2) return max(abs(p.x) * 0.8660254 + (p.y + 0.18) * 0.5, -(p.y + 0.18)) - 0.56;
  if (kind == 3) return (abs(p.x) + abs(p.y) - 1.08) * 0.70710678;
  if (kind == 4) return bar(mat2(0.70710678, 0.70710678, -0.70710678, 0.70710678) * p);
  if (kind == 5) return bar(p);
  if (kind == 6) return star(p * 0.95) / 0.95;
  return abs(length(p) - 0.64) - 0.24;
}
void main() {
  vec2 p = (gl_PointCoord * 2.0 - 1.0) * vec2(1.0, -1.0) * (radius + room) / radius;
  float d = outline(p) * radius;
  float rim = 0.9 * ratio;
  float inside = clamp(0.5 - d, 0.0, 1.0);
  float within = clamp(0.5 - (d - rim), 0.0, 1.0);
  float fog = level >= 3 ? 0.0 : fogAt(depth);
  vec3 body = mix(fill, ground, fog);
  // A dark rim of the mark's own colour, then a rim of the page that keeps neighbours apart.
  float edge = clamp(0.5 + d + 1.1 * ratio, 0.0, 1.0);
  body = mix(body, mix(body, text, 0.38 * (1.0 - fog / ${deepestFog.toFixed(2)} * 0.5)), edge);
  vec4 drawn = vec4(mix(ground, body, inside), within);
  if (level == 0) drawn.a *= ${faintAlpha.toFixed(2)};
  if (level >= 3) {
    float away = abs(length(p) * radius - radius - 3.0 * ratio) - 0.9 * ratio;
    float ring = clamp(0.5 - away, 0.0, 1.0);
    vec3 ink = level == 3 ? accent : text;
    drawn = vec4(mix(drawn.rgb, ink, ring), max(drawn.a, ring));
  }
  if (drawn.a < 0.004) discard;
  colour = drawn;
}`;

/** A line as a strip of its own width in pixels; it fades with depth along its length. */
export const segmentVertex = `
precision highp float;
in vec3 start;
in vec3 end;
in vec2 sides;
in vec2 corner;
in vec4 ink;
in float width;
uniform vec2 pixels;
uniform float ratio;
${placing}
out vec4 tint;
out float across;
out float halfWidth;
out float depth;
void main() {
  vec4 a = placed(start, sides.x);
  vec4 b = placed(end, sides.y);
  vec2 along = (b.xy - a.xy) * pixels;
  float span = max(length(along), 1e-4);
  vec2 normal = vec2(-along.y, along.x) / span;
  halfWidth = max(0.5 * width * ratio, 0.35);
  across = corner.y * (halfWidth + 1.0);
  vec2 at = mix(a.xy, b.xy, corner.x) + normal * across / pixels;
  depth = mix(a.z, b.z, corner.x);
  tint = ink;
  gl_Position = vec4(at, 0.0, 1.0);
}`;

export const segmentFragment = `
precision highp float;
in vec4 tint;
in float across;
in float halfWidth;
in float depth;
out vec4 colour;
${fogGlsl}
void main() {
  float cover = clamp(halfWidth + 0.5 - abs(across), 0.0, 1.0);
  colour = vec4(tint.rgb, tint.a * cover * (1.0 - 1.15 * fogAt(depth)));
}`;

export const bodyVertex = `
precision highp float;
in float side;
in vec4 ink;
${placing}
out vec4 tint;
out vec3 seen;
void main() {
  vec4 p = placed(position, side);
  seen = rotation * (position - target);
  tint = ink;
  gl_Position = vec4(p.xy, 0.0, 1.0);
}`;

/** Thin glass: faces seen from the side are denser than those seen from the front. */
export const bodyFragment = `
precision highp float;
in vec4 tint;
in vec3 seen;
out vec4 colour;
${fogGlsl}
void main() {
  vec3 normal = normalize(cross(dFdx(seen), dFdy(seen)));
  float graze = 1.0 - abs(normal.z);
  colour = vec4(tint.rgb, tint.a * (0.55 + 1.1 * graze * graze) * (1.0 - 0.5 * fogAt(seen.z)));
}`;
