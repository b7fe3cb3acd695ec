import { button } from "./controls.js";
import { element, icon } from "./elements.js";

const shownFor = 8000;

/**
 * Says at the lower edge of the page what came of an action.
 *
 * @param {string} message
 * @param {{remedy?: ?string, isProblem?: boolean}} options - Problems stay until they are closed.
 */
export function notify(message, { remedy = null, isProblem = false } = {}) {
  const close = element("button", {
    class: "icon-button", type: "button", "aria-label": "Close this notice", click: () => notice.remove(),
  }, icon("close"));
  const notice = element("div", { class: isProblem ? "notice problem" : "notice" },
    element("p", {}, message, remedy && element("span", { class: "remedy" }, ` ${remedy}`)),
    close);
  document.getElementById("notices").append(notice);
  if (!isProblem) setTimeout(() => notice.remove(), shownFor);
}

/**
 * Says what went wrong with an action.
 *
 * @param {Error & {remedy?: ?string}} error
 */
export function notifyOfProblem(error) {
  notify(error.message, { remedy: error.remedy, isProblem: true });
}

/**
 * Says in the place of what should have been there what went wrong.
 *
 * @param {Error & {remedy?: ?string}} error
 * @param {?(() => void)} tryAgain
 * @returns {HTMLElement}
 */
export function problemPanel(error, tryAgain = null) {
  return element("div", { class: "problem-panel", role: "alert" },
    element("p", { class: "problem-message" }, error.message),
    error.remedy && element("p", {}, error.remedy),
    tryAgain && button("Try again", { click: tryAgain }));
}
