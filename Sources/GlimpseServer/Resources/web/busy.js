// Most answers come sooner than this; a line that only flashes would make the page restless.
const delay = 300;
let running = 0;

/**
 * Shows a moving line below the header while something takes its time.
 *
 * @template Result
 * @param {Promise<Result>} work
 * @returns {Promise<Result>} The same.
 */
export async function showBusy(work) {
  const line = document.getElementById("busy-line");
  running += 1;
  const timer = setTimeout(() => {
    line.hidden = false;
  }, delay);
  try {
    return await work;
  } finally {
    clearTimeout(timer);
    running -= 1;
    if (running === 0) line.hidden = true;
  }
}
