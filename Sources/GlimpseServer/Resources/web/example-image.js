import { droppedPicture } from "./dropped-pictures.js";
import { element } from "./elements.js";
import { thumbnailAddress, thumbnailOf } from "./thumbnails.js";

/**
 * The picture that is searched by, in small.
 *
 * @param {import("./queries.js").Query} query
 * @param {number} side - How large, in pixels.
 * @returns {?HTMLImageElement} `null` for a query in words alone, or when the page has forgotten the picture.
 */
export function exampleImage({ picture, dropped }, side) {
  const address = picture !== null ? thumbnailAddress(thumbnailOf(picture), side) : droppedPicture(dropped)?.address;
  if (address === undefined) return null;
  const image = element("img", { src: address, alt: "The picture that is searched by", width: side, height: side });
  // Browsers do not show every format that the server reads.
  image.addEventListener("error", () => image.classList.add("is-missing"));
  return image;
}
