import { isAbort, request } from "./client.js";
import { element, fill } from "./elements.js";
import { fileName } from "./format.js";
import { tierBadge } from "./picture-grid.js";
import { addressOf } from "./router.js";
import { thumbnailImage } from "./thumbnails.js";

const length = "9";
const side = 110;

/**
 * The pictures that are most like one, in small.
 *
 * @returns {{element: HTMLElement, show: (id: string, signal: AbortSignal) => Promise<void>}}
 */
export function createSimilarStrip() {
  const list = element("ul", { class: "similar-strip", role: "list" });
  const section = element("section", { class: "photo-section", "aria-labelledby": "similar-title" },
    element("h3", { id: "similar-title" }, "Most like it"), list);

  return {
    element: section,

    async show(id, signal) {
      fill(list);
      section.hidden = true;
      try {
        const { answers } = await request("similar", { query: [["picture", id], ["top", length]], signal });
        const others = answers.filter((answer) => answer.id !== id);
        fill(list, ...others.map(similarTile));
        section.hidden = others.length === 0;
      } catch (error) {
        // The strip is an addition: without it, the button above leads to the whole list, which says what is wrong.
        if (!isAbort(error)) section.hidden = true;
      }
    },
  };
}

function similarTile({ id, path, tier, thumbnail, width, height }) {
  return element("li", {},
    element("a", { href: addressOf(`photo/${id}`), title: path },
      thumbnailImage(thumbnail, { name: fileName(path), longestSide: side, width, height }),
      tier !== null && tierBadge(tier)));
}
