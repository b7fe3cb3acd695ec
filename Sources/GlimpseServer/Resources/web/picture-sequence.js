let sequence = [];

/**
 * Says which pictures the photo view leads through with the arrow keys.
 *
 * @param {string[]} ids - SHA-256 of pictures; repeated ones count once.
 */
export function setPictureSequence(ids) {
  sequence = [...new Set(ids)];
}

/**
 * @param {string} id
 * @returns {{previous: ?string, next: ?string, position: number, length: number}} `position` counts from 1; it is 0
 *   where the picture is not in the sequence.
 */
export function placeInSequence(id) {
  const index = sequence.indexOf(id);
  return {
    previous: index > 0 ? sequence[index - 1] : null,
    next: index >= 0 && index + 1 < sequence.length ? sequence[index + 1] : null,
    position: index + 1,
    length: sequence.length,
  };
}
