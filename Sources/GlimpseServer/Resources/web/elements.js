import { icons } from "./icons.js";

/**
 * Builds an element. Children that are text stay text, so names of files and words of people never become markup.
 *
 * @param {string} name - The name of the tag.
 * @param {Object<string, string|number|boolean|null|Function>} attributes - Functions listen to the event of that name;
 *   `true` sets an attribute without a value; `false`, `null` and `undefined` leave it out.
 * @param {...(Node|string|null|false)} children - `null` and `false` are left out.
 * @returns {HTMLElement}
 */
export function element(name, attributes = {}, ...children) {
  const built = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") built.addEventListener(key, value);
    else if (value === true) built.setAttribute(key, "");
    else if (value !== false && value !== null && value !== undefined) built.setAttribute(key, value);
  }
  built.append(...present(children));
  return built;
}

/**
 * Replaces what is in a parent.
 *
 * @param {Element} parent
 * @param {...(Node|string|null|false)} children - `null` and `false` are left out.
 */
export function fill(parent, ...children) {
  parent.replaceChildren(...present(children));
}

/**
 * Draws one of the icons of `icons.js`. It says nothing to a screen reader: the control around it has the name.
 *
 * @param {string} name
 * @returns {SVGElement}
 */
export function icon(name) {
  const drawing = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  drawing.setAttribute("viewBox", "0 0 24 24");
  drawing.setAttribute("aria-hidden", "true");
  drawing.classList.add("icon");
  const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
  line.setAttribute("d", icons[name]);
  drawing.append(line);
  return drawing;
}

/**
 * Draws the icons that the markup of the page asks for with `data-icon`.
 *
 * @param {ParentNode} root
 */
export function drawIcons(root) {
  for (const place of root.querySelectorAll("[data-icon]")) place.prepend(icon(place.dataset.icon));
}

function present(children) {
  return children.filter((child) => child !== null && child !== undefined && child !== false);
}
