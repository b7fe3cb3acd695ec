/**
 * Where the page is, as its address says after the `#`.
 *
 * @typedef {Object} Route
 * @property {string} name - The first part of the path; "" for the start.
 * @property {string} detail - What follows in the path.
 * @property {URLSearchParams} parameters
 * @property {string} address - The address it was read from, as in `#/search?q=a+cat`.
 */

/**
 * @param {string} hash - As `location.hash` has it.
 * @returns {Route}
 */
export function parseRoute(hash) {
  const address = hash.startsWith("#/") ? hash : "#/";
  const [path, parameters = ""] = address.slice(2).split(/\?(.*)/s);
  const [name, detail = ""] = path.split("/");
  return { name, detail, parameters: new URLSearchParams(parameters), address };
}

/**
 * @param {string} path - As in `search` or `photo/<sha256>`.
 * @param {Iterable<[string, string]>} parameters - Those without a value are left out.
 * @returns {string} As in `#/search?q=a+cat`.
 */
export function addressOf(path, parameters = []) {
  const query = new URLSearchParams([...parameters].filter(([, value]) => value !== "")).toString();
  return `#/${path}${query === "" ? "" : `?${query}`}`;
}

/**
 * Goes elsewhere.
 *
 * @param {string} address
 * @param {{isReplacing?: boolean}} options - Whether the step back leads past the present address.
 */
export function navigate(address, { isReplacing = false } = {}) {
  if (isReplacing) {
    history.replaceState(history.state, "", address);
    notice();
  } else {
    location.hash = address;
  }
}

/**
 * Tells of the present route, and of every later one.
 *
 * @param {(route: Route) => void} show
 */
export function followRoutes(show) {
  listener = show;
  addEventListener("hashchange", notice);
  notice();
}

/** How many steps back the view lies that the photo view covers; 0 when the photo view was the first thing opened. */
export function stepsToCoveredView() {
  return history.state?.stepsToCoveredView ?? 0;
}

let listener = () => {};
let latest = null;

function notice() {
  const route = parseRoute(location.hash);
  // Addresses that were never here before have no state yet. One photo may lead to the next: each remembers how far
  // back the view below is, so that closing leads there at once.
  if (route.name === "photo" && history.state === null && latest !== null) {
    const steps = latest.route.name === "photo" ? latest.steps + 1 : 1;
    history.replaceState({ stepsToCoveredView: steps }, "");
  }
  latest = { route, steps: stepsToCoveredView() };
  listener(route);
}
