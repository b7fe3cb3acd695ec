import { element } from "./elements.js";

/**
 * Says why the controls are missing that change things.
 *
 * @returns {HTMLElement}
 */
export function readOnlyHint() {
  return element("p", { class: "hint read-only" },
    "The server runs with ", element("code", {}, "--read-only"), ": nothing can be changed from here.");
}
