import { element, icon } from "./elements.js";

/**
 * @param {string} words - What it says; "" for those that fill it later.
 * @param {Object} options - `drawing` names an icon before the words; `kind` is `primary` or `quiet`; all others are
 *   attributes and listeners, as `element` takes them.
 * @returns {HTMLButtonElement}
 */
export function button(words, { drawing, kind, ...attributes }) {
  return element("button", { class: classOf(kind), type: "button", ...attributes }, drawing && icon(drawing), words);
}

/**
 * A link that looks like a button: it leads somewhere, so that it can be opened beside this page.
 *
 * @param {string} words
 * @param {string} address
 * @param {Object} options - As those of `button`.
 * @returns {HTMLAnchorElement}
 */
export function linkButton(words, address, { drawing, kind, ...attributes } = {}) {
  return element("a", { class: classOf(kind), href: address, ...attributes }, drawing && icon(drawing), words);
}

/**
 * @param {string} label
 * @param {HTMLElement} control
 * @returns {HTMLLabelElement} The control with its label above.
 */
export function field(label, control) {
  return element("label", { class: "field" }, element("span", {}, label), control);
}

/**
 * @param {string} label
 * @param {HTMLElement} control - A box to tick or one of several to choose.
 * @returns {HTMLLabelElement} The control with its label after it.
 */
export function check(label, control) {
  return element("label", { class: "check" }, control, label);
}

/**
 * @param {string} name
 * @param {string} chosen - The value that is chosen.
 * @param {[value: string, words: string][]} options
 * @returns {HTMLSelectElement}
 */
export function choice(name, chosen, options) {
  return element("select", { name }, ...options.map(([value, words]) =>
    element("option", { value, selected: value === chosen }, words)));
}

/**
 * What a view begins with.
 *
 * @param {string} title
 * @param {?HTMLElement} summary - What stands below the title.
 * @param {...HTMLElement} controls
 * @returns {HTMLElement}
 */
export function viewHead(title, summary, ...controls) {
  const heading = element("h1", { tabindex: "-1" }, title);
  return element("div", { class: "view-head" }, element("div", { class: "view-title" }, heading, summary), ...controls);
}

function classOf(kind) {
  return kind === undefined ? "button" : `button ${kind}`;
}
