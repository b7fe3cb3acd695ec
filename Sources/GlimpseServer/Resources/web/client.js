import { askForToken } from "./session.js";

const longestWait = 10;

/** What the server, or the way to it, has to say about a request that failed. */
class ServiceError extends Error {
  /**
   * @param {string} code - As in the API; `unreachable` where no answer came.
   * @param {string} message - What was found and expected.
   * @param {?string} remedy - What to do.
   */
  constructor(code, message, remedy = null) {
    super(message);
    this.code = code;
    this.remedy = remedy;
  }
}

/**
 * Sends a request to the API and reads its answer. Asks for the token where one is missing, and tries once more where
 * the server is overloaded and says when.
 *
 * @param {string} path - Below `/api/v1/`.
 * @param {Object} options
 * @param {string} [options.method]
 * @param {Iterable<[string, string]>} [options.query]
 * @param {object} [options.json] - The body.
 * @param {Blob} [options.picture] - The body, where it is a picture.
 * @param {AbortSignal} [options.signal]
 * @returns {Promise<?object>} `null` where the answer has no body.
 * @throws {ServiceError} With what the server says.
 * @throws {DOMException} `AbortError` when the signal aborts.
 */
export async function request(path, options = {}) {
  let response = await send(path, options);
  while (response.status === 401 && (await askForToken())) response = await send(path, options);
  if (response.status === 503 && response.headers.has("Retry-After")) {
    const seconds = Number(response.headers.get("Retry-After")) || 1;
    await pause(Math.min(seconds, longestWait), options.signal);
    response = await send(path, options);
  }
  if (!response.ok) throw await errorOf(response);
  return response.status === 204 ? null : response.json();
}

/**
 * @param {unknown} error
 * @returns {boolean} Whether it only says that a request was given up for a later one.
 */
export function isAbort(error) {
  return error instanceof DOMException && error.name === "AbortError";
}

async function send(path, { method = "GET", query = [], json, picture, signal }) {
  const parameters = new URLSearchParams([...query]).toString();
  const address = `/api/v1/${path}${parameters === "" ? "" : `?${parameters}`}`;
  const headers = { Accept: "application/json" };
  let body;
  if (json !== undefined) {
    headers["Content-Type"] = "application/json";
    body = JSON.stringify(json);
  } else if (picture !== undefined) {
    // Browsers leave out the type of formats they do not know; the server looks at the bytes anyway.
    headers["Content-Type"] = picture.type.startsWith("image/") ? picture.type : "application/octet-stream";
    body = picture;
  }
  try {
    return await fetch(address, { method, headers, body, signal, credentials: "same-origin" });
  } catch (error) {
    if (isAbort(error)) throw error;
    throw new ServiceError("unreachable", "The server does not answer.", "Start it with glimpse serve and try again.");
  }
}

async function errorOf(response) {
  const answer = await response.json().catch(() => null);
  if (answer?.error?.message) return new ServiceError(answer.error.code, answer.error.message, answer.error.remedy);
  return new ServiceError("unknown", `The server answered with status ${response.status} and without a reason.`);
}

function pause(seconds, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, seconds * 1000);
    signal?.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}
