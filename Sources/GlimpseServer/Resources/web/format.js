// How numbers, times and paths are written. The page is in English, so its dates are too, whatever the browser speaks.
const whole = new Intl.NumberFormat("en-GB");
const dateAndTime = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short" });
const narrowSpace = "\u202f";

/**
 * @param {number} share - From 0 to 1.
 * @returns {string} As in "98 %".
 */
export function percent(share) {
  return `${Math.round(share * 100)}${narrowSpace}%`;
}

/**
 * @param {number} number
 * @returns {string} As in "1,234".
 */
export function count(number) {
  return whole.format(number);
}

/**
 * @param {number} number
 * @param {string} one - The noun for one thing.
 * @param {string} several - The noun for any other number of them.
 * @returns {string} As in "1 picture" or "1,234 pictures".
 */
export function counted(number, one, several = `${one}s`) {
  return `${count(number)} ${number === 1 ? one : several}`;
}

/**
 * @param {number} bytes
 * @returns {string} In units of a thousand, as in "4.3 MB".
 */
export function byteSize(bytes) {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || value >= 99.5 ? 0 : 1;
  return `${value.toFixed(digits)}${narrowSpace}${units[unit]}`;
}

/**
 * @param {number} width - In pixels.
 * @param {number} height - In pixels.
 * @returns {string} As in "4032 × 3024".
 */
export function dimensions(width, height) {
  return `${width} × ${height}`;
}

/**
 * @param {string} time - In ISO 8601; without a zone it is what the camera's clock showed, and stays that.
 * @returns {string} As in "14 Jul 2023, 12:00".
 */
export function timeOfDay(time) {
  const parsed = new Date(time);
  return Number.isNaN(parsed.getTime()) ? time : dateAndTime.format(parsed);
}

/**
 * @param {string} path
 * @returns {string} What follows the last slash, or backslash.
 */
export function fileName(path) {
  return path.slice(folderLength(path));
}

/**
 * @param {string} path
 * @returns {string} What comes before the last slash, or backslash.
 */
export function folderName(path) {
  return path.slice(0, Math.max(folderLength(path) - 1, 0));
}

function folderLength(path) {
  return Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1;
}
