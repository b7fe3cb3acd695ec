import { request } from "./client.js";

let known = null;

/**
 * What the library holds and whether it may be changed, asked for once.
 *
 * @param {{isFresh?: boolean}} options - Whether to ask again.
 * @returns {Promise<object>} As `GET /api/v1/library` gives it.
 */
export async function libraryStatus({ isFresh = false } = {}) {
  if (known === null || isFresh) {
    // The promise is kept, so that those who ask at the same time share one request; a failed one is not.
    known = request("library").catch((error) => {
      known = null;
      throw error;
    });
  }
  return known;
}

/**
 * Takes over a status that came by other ways.
 *
 * @param {object} status
 */
export function keepLibraryStatus(status) {
  known = Promise.resolve(status);
}
