import { request } from "./client.js";

let known = null;

/**
 * The version of the server and whether it asks for a token.
 *
 * @returns {Promise<{version: string, needsToken: boolean}>}
 */
export function health() {
  known ??= request("health").catch((error) => {
    known = null;
    throw error;
  });
  return known;
}
