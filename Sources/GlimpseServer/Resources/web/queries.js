import { addressOf } from "./router.js";
import { filtersOf, membersOf } from "./filters.js";

/**
 * What is looked for.
 *
 * @typedef {Object} Query
 * @property {string} words - "" when there are none.
 * @property {?string} picture - The SHA-256 of a picture of the library.
 * @property {?string} dropped - The number of a picture that was dropped on this page.
 * @property {import("./filters.js").Filters} filters
 * @property {number} top - How many answers at most.
 */

/** How many answers are asked for first, and how many more each time. */
export const pageLength = 60;

/** The most answers that the server gives. */
export const mostAnswers = 1000;

/**
 * @param {import("./router.js").Route} route
 * @returns {Query}
 */
export function queryOf({ name, parameters }) {
  return {
    words: (parameters.get("q") ?? "").trim(),
    picture: name === "similar" ? parameters.get("picture") : null,
    dropped: name === "dropped" ? parameters.get("picture") : null,
    filters: filtersOf(parameters),
    top: Math.min(Number(parameters.get("top")) || pageLength, mostAnswers),
  };
}

/**
 * @param {Query} query
 * @returns {string} The address that shows it.
 */
export function queryAddress({ words, picture = null, dropped = null, filters = [], top = pageLength }) {
  const length = top === pageLength ? [] : [["top", String(top)]];
  if (picture !== null) return addressOf("similar", [["picture", picture], ["q", words], ...filters, ...length]);
  if (dropped !== null) return addressOf("dropped", [["picture", dropped], ["q", words], ...filters, ...length]);
  if (words === "" && filters.length === 0 && length.length === 0) return addressOf("");
  return addressOf("search", [["q", words], ...filters, ...length]);
}

/**
 * @param {Query} query
 * @returns {boolean} Whether nothing is looked for, so that any picture will do.
 */
export function isBrowsing({ words, picture, dropped }) {
  return words === "" && picture === null && dropped === null;
}

/**
 * @param {Query} query
 * @param {?Blob} file - The dropped picture, where the query has one.
 * @returns {Promise<{path: string, options: object}>} What `request` takes.
 */
export async function requestOf(query, file) {
  const { words, picture, filters, top } = query;
  const settings = [["top", String(top)], ...filters];
  if (isBrowsing(query)) {
    return { path: "pictures", options: { query: settings } };
  }
  if (file === null && picture === null) return { path: "search", options: { query: [["q", words], ...settings] } };
  if (words === "") {
    return picture !== null
      ? { path: "similar", options: { query: [["picture", picture], ...settings] } }
      : { path: "similar", options: { method: "POST", picture: file, query: settings } };
  }
  const example = picture !== null ? { picture } : { image: await dataAddress(file) };
  const json = { terms: [example, termOf(words)], top, ...membersOf(filters) };
  return { path: "search", options: { method: "POST", json } };
}

/**
 * @param {string} words - What is added to a picture; with a minus before it, what is taken away.
 * @returns {{text: string, weight: number}}
 */
function termOf(words) {
  const isLess = /^[-−]/.test(words);
  return { text: words.replace(/^[-−+]\s*/, ""), weight: isLess ? -1 : 1 };
}

function dataAddress(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => resolve(reader.result));
    reader.addEventListener("error", () => reject(reader.error));
    reader.readAsDataURL(file);
  });
}
