import { request } from "./client.js";

const reconnectAfter = 3000;

/**
 * Follows what happens to the library, for as long as somebody looks.
 *
 * @param {{status: Function, progress: Function, finished: Function}} listeners - Get what the API sends with the
 *   events of these names.
 * @returns {() => void} Stops following.
 */
export function followLibrary(listeners) {
  let source = null;
  let timer = null;
  let isStopped = false;

  const connect = () => {
    source = new EventSource("/api/v1/library/events");
    for (const [name, listener] of Object.entries(listeners)) {
      source.addEventListener(name, (event) => listener(JSON.parse(event.data)));
    }
    source.addEventListener("error", reconnect);
  };

  const reconnect = async () => {
    // A broken connection is opened again by the browser; one that was refused is not, and only an ordinary request can
    // tell why and ask for the token.
    if (source.readyState !== EventSource.CLOSED || isStopped) return;
    await request("library").catch(() => {});
    if (!isStopped) timer = setTimeout(connect, reconnectAfter);
  };

  connect();
  return () => {
    isStopped = true;
    clearTimeout(timer);
    source.close();
  };
}
