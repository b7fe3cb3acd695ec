/**
 * Where an arrow key leads in rows of pictures that differ in width.
 *
 * @param {{left: number, top: number, width: number, height: number}[]} boxes - The pictures in reading order.
 * @param {number} index - The present one.
 * @param {string} key - As keyboard events name it.
 * @returns {?number} The next one; -1 above the first row; `null` for keys that lead nowhere.
 */
export function nextIndex(boxes, index, key) {
  switch (key) {
    case "ArrowLeft": return Math.max(index - 1, 0);
    case "ArrowRight": return Math.min(index + 1, boxes.length - 1);
    case "Home": return 0;
    case "End": return boxes.length - 1;
    case "ArrowUp": return nearestInRow(boxes, index, -1) ?? -1;
    case "ArrowDown": return nearestInRow(boxes, index, 1) ?? index;
    default: return null;
  }
}

/** The picture of the row before or after whose middle is nearest, going from one to the next until that row ends. */
function nearestInRow(boxes, index, step) {
  const middle = (box) => box.left + box.width / 2;
  const isSameRow = (one, other) => Math.abs(one.top - other.top) < Math.min(one.height, other.height) / 2;
  let nearest = null;
  for (let candidate = index + step; candidate >= 0 && candidate < boxes.length; candidate += step) {
    if (isSameRow(boxes[candidate], boxes[index])) continue;
    if (nearest !== null && !isSameRow(boxes[candidate], boxes[nearest])) break;
    const distance = Math.abs(middle(boxes[candidate]) - middle(boxes[index]));
    if (nearest === null || distance < Math.abs(middle(boxes[nearest]) - middle(boxes[index]))) nearest = candidate;
  }
  return nearest;
}
