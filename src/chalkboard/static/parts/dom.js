// Makes HTML and SVG elements in one call each, so that a widget's structure can be read.

const SVG_NAMESPACE = "http://www.w3.org/2000/svg";

/** An HTML element with attributes and children (elements or text). */
export function html(tag, attributes = {}, ...children) {
  return furnish(document.createElement(tag), attributes, children);
}

/** An SVG element with attributes and children (elements or text). */
export function svg(tag, attributes = {}, ...children) {
  return furnish(document.createElementNS(SVG_NAMESPACE, tag), attributes, children);
}

/** Sets attributes; a number that is not finite is left out, because SVG would complain. */
export function setAttributes(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "number" && !Number.isFinite(value)) continue;
    element.setAttribute(name, value);
  }
  return element;
}

/** Writes a text, and only where it has changed. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** An id that no other view on the page has. */
export function uniqueId(prefix) {
  return `${prefix}-${Math.random().toString(36).slice(2)}`;
}

function furnish(element, attributes, children) {
  setAttributes(element, attributes);
  element.append(...children);
  return element;
}
