import { element } from "./elements.js";

const sizes = [160, 320, 640, 1280];

/**
 * @param {string} address - Of a thumbnail, without a size.
 * @param {number} longestSide - In pixels of the page.
 * @param {number} density - Pixels of the screen for one of the page.
 * @returns {string} The address of the smallest thumbnail that is sharp at that size.
 */
export function thumbnailAddress(address, longestSide, density = devicePixelRatio) {
  // A little less than sharp is not seen, and a quarter of the bytes.
  const wanted = longestSide * density * 0.8;
  return `${address}?size=${sizes.find((size) => size >= wanted) ?? sizes.at(-1)}`;
}

/**
 * @param {string} id - The SHA-256 of a picture of the library.
 * @returns {string} The address of its thumbnail, without a size.
 */
export function thumbnailOf(id) {
  return `/api/v1/pictures/${id}/thumbnail`;
}

/**
 * @param {number} width
 * @param {number} height
 * @returns {number} Width by height, within what fits well into a row: panoramas and strips are cut.
 */
export function shownRatio(width, height) {
  if (!(width > 0 && height > 0)) return 1;
  return Math.min(Math.max(width / height, 0.5), 2.6);
}

/**
 * A thumbnail that is fetched once it comes near the window.
 *
 * @param {string} address - Without a size.
 * @param {{name: string, longestSide: number, width: number, height: number}} picture
 * @returns {HTMLImageElement}
 */
export function thumbnailImage(address, { name, longestSide, width, height }) {
  const image = element("img", {
    src: thumbnailAddress(address, longestSide),
    alt: name,
    width: width > 0 && width,
    height: height > 0 && height,
    loading: "lazy",
    decoding: "async",
    // Dragging one of these would otherwise look like a file that is dropped on the page.
    draggable: "false",
  });
  image.addEventListener("error", () => image.classList.add("is-missing"));
  return image;
}
