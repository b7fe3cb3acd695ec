import { element } from "./elements.js";
import { byteSize, dimensions, folderName, timeOfDay } from "./format.js";
import { queryAddress } from "./queries.js";

const nearbyKilometres = "2";

/**
 * What is known of a picture. Each fact that a search can filter by leads to the pictures that share it.
 *
 * @param {object} details - As `GET /api/v1/pictures/{sha256}/details` gives them.
 * @returns {HTMLElement}
 */
export function photoFacts(details) {
  const { width, height, format, byteCount, capturedAt, camera, latitude, longitude } = details;
  const hasPlace = latitude !== null && longitude !== null;
  const place = hasPlace ? `${latitude.toFixed(4)},${longitude.toFixed(4)}` : "";
  return element("dl", { class: "facts" },
    ...fact("Taken", capturedAt && sharing(timeOfDay(capturedAt), dayFilters(capturedAt), "Pictures of that day")),
    ...fact("Camera", camera && sharing(camera, [["camera", camera]], "Pictures of this camera")),
    ...fact("Place", hasPlace && sharing(place.replace(",", ", "), placeFilters(place), "Pictures taken near here")),
    ...fact("Size", `${dimensions(width, height)}, ${byteSize(byteCount)}, ${format}`),
    ...fact(details.paths.length > 1 ? "Files" : "File", element("span", {}, ...details.paths.map(pathLine))));
}

function fact(name, value) {
  return value ? [element("dt", {}, name), element("dd", {}, value)] : [];
}

function sharing(words, filters, title) {
  return element("a", { href: queryAddress({ words: "", filters }), title }, words);
}

function dayFilters(capturedAt) {
  const day = capturedAt.slice(0, 10);
  return [["since", day], ["until", day]];
}

function placeFilters(place) {
  return [["near", place], ["within", nearbyKilometres]];
}

function pathLine(path) {
  const folder = folderName(path);
  return element("span", { class: "path" },
    folder !== "" && sharing(folder, [["under", folder]], "Pictures in this folder"),
    path.slice(folder.length));
}
