// Pictures that were dropped stay in the memory of the page, so that stepping back to an earlier one works. They are
// forgotten with the page, and the oldest ones before: they may be large.
const mostPictures = 8;
const pictures = new Map();

/**
 * A picture that was dropped, pasted or chosen.
 *
 * @typedef {Object} DroppedPicture
 * @property {File} file
 * @property {string} address - Where an image element finds it.
 */

/**
 * @param {?string} number - As `acceptPictures` gave it.
 * @returns {?DroppedPicture} `null` when the page does not have it any more.
 */
export function droppedPicture(number) {
  return pictures.get(number) ?? null;
}

/**
 * Takes pictures that are dropped anywhere on the page, pasted, or chosen with the button.
 *
 * @param {(number: string) => void} onPicture - Gets the number that the picture is kept under.
 */
export function acceptPictures(onPicture) {
  const take = (files) => {
    if (files.length > 0) onPicture(keep(files[0]));
  };
  acceptDrops(take);
  addEventListener("paste", (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    // Word processors put a picture of a text beside the text; the text is what is meant.
    if (files.length === 0 || event.clipboardData.types.includes("text/plain")) return;
    event.preventDefault();
    take(files);
  });
  const chooser = document.getElementById("picture-file");
  document.getElementById("choose-picture").addEventListener("click", () => chooser.click());
  chooser.addEventListener("change", () => {
    take([...chooser.files]);
    chooser.value = "";
  });
}

function acceptDrops(take) {
  const hint = document.getElementById("drop-hint");
  // Every element that the pointer passes enters and leaves, so only the balance tells whether it left the page.
  let depth = 0;
  const change = (event, nextDepth) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    depth = Math.max(nextDepth, 0);
    hint.hidden = depth === 0;
  };
  addEventListener("dragenter", (event) => change(event, depth + 1));
  addEventListener("dragleave", (event) => change(event, depth - 1));
  addEventListener("dragover", (event) => change(event, depth));
  addEventListener("drop", (event) => {
    change(event, 0);
    take([...(event.dataTransfer?.files ?? [])]);
  });
}

function keep(file) {
  // The time, because addresses outlive the page: counting would give a forgotten picture's number to another one.
  const number = String(Date.now());
  pictures.set(number, { file, address: URL.createObjectURL(file) });
  if (pictures.size > mostPictures) {
    const [oldest, { address }] = pictures.entries().next().value;
    URL.revokeObjectURL(address);
    pictures.delete(oldest);
  }
  return number;
}
