/**
 * Reads what was remembered in this browser.
 *
 * @param {string} key
 * @returns {string} "" when nothing was, or the browser does not let pages remember.
 */
export function recall(key) {
  try {
    return localStorage.getItem(`glimpse.${key}`) ?? "";
  } catch {
    return "";
  }
}

/**
 * Remembers a text in this browser, where it allows that.
 *
 * @param {string} key
 * @param {string} text
 */
export function remember(key, text) {
  try {
    localStorage.setItem(`glimpse.${key}`, text);
  } catch {
    // Remembering is a convenience: a browser that forbids it, or has no room, shows the page all the same.
  }
}
