/**
 * What somebody decided for the files of a group of duplicates: one is kept, spared ones stay too, the others go.
 *
 * @typedef {Object} Choice
 * @property {string} kept - The id of a file.
 * @property {ReadonlySet<string>} spared - Ids of files.
 */

/**
 * @param {{files: object[]}} group - As the API gives it.
 * @returns {Choice} What the rules of the server propose.
 */
export function proposedChoice({ files }) {
  return { kept: (files.find((file) => file.isKept) ?? files[0]).id, spared: new Set() };
}

/**
 * @param {Choice} choice
 * @param {string} id
 * @returns {Choice} With this file as the one that is kept.
 */
export function keeping(choice, id) {
  const spared = new Set(choice.spared);
  spared.delete(id);
  return { kept: id, spared };
}

/**
 * @param {Choice} choice
 * @param {string} id
 * @param {boolean} isSpared
 * @returns {Choice} With this file spared, or not.
 */
export function sparing(choice, id, isSpared) {
  const spared = new Set(choice.spared);
  if (isSpared) spared.add(id);
  else spared.delete(id);
  return { kept: choice.kept, spared };
}

/**
 * @param {{files: object[]}} group
 * @param {Choice} choice
 * @returns {{keep: string, remove: string[]}} As the API takes it.
 */
export function removalOf({ files }, { kept, spared }) {
  return { keep: kept, remove: files.map(({ id }) => id).filter((id) => id !== kept && !spared.has(id)) };
}

/**
 * @param {{files: object[]}} group
 * @param {Choice} choice
 * @param {object[]} outcomes - As the API gives them, of this group or of several.
 * @returns {boolean} Whether the group is none any more: the server will not list it again.
 */
export function isSettled({ files }, { spared }, outcomes) {
  const obstructed = outcomes.filter(({ id, obstacle }) => obstacle !== null && files.some((file) => file.id === id));
  return spared.size === 0 && obstructed.length === 0;
}
