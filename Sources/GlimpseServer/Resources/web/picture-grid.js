import { element, fill, icon } from "./elements.js";
import { fileName, percent } from "./format.js";
import { nextIndex } from "./grid-navigation.js";
import { addressOf } from "./router.js";
import { shownRatio, thumbnailImage } from "./thumbnails.js";
import { tiers } from "./tiers.js";

const rowHeight = 220;

/**
 * Pictures in rows of one height each, as wide as the page. One of them is in the order of the Tab key at a time; the
 * arrow keys lead to the others.
 *
 * @param {{leaveUpwards: () => void}} options - Called when the arrow key leads up from the first row.
 * @returns {{element: HTMLElement, show: Function, focus: Function}}
 */
export function createPictureGrid({ leaveUpwards }) {
  const list = element("ul", { class: "picture-grid", role: "list" });
  let tiles = new Map();

  const links = () => [...list.querySelectorAll(".tile-link")];

  const makeCurrent = (link) => {
    for (const control of list.querySelectorAll("a")) {
      control.tabIndex = control.closest(".tile") === link.closest(".tile") ? 0 : -1;
    }
  };

  list.addEventListener("focusin", ({ target }) => makeCurrent(target));
  list.addEventListener("keydown", (event) => {
    const tile = event.target.closest(".tile");
    if (tile === null || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "m") {
      tile.querySelector(".tile-more").click();
      return;
    }
    const all = links();
    const boxes = all.map((link) => link.getBoundingClientRect());
    const next = nextIndex(boxes, all.indexOf(tile.querySelector(".tile-link")), event.key);
    if (next === null) return;
    event.preventDefault();
    if (next === -1) leaveUpwards();
    else all[next].focus();
  });

  return {
    element: list,

    /**
     * Shows these answers. Pictures that were there before keep their elements, so that nothing flickers while somebody
     * types.
     *
     * @param {object[]} answers - As the API gives them.
     * @param {{showsPresence: boolean}} options
     */
    show(answers, { showsPresence }) {
      const next = new Map(answers.map((answer) => [answer.id, tiles.get(answer.id) ?? createTile(answer)]));
      for (const answer of answers) label(next.get(answer.id), answer, showsPresence);
      tiles = next;
      list.classList.toggle("has-few", answers.length <= 4);
      list.replaceChildren(...tiles.values());
      if (answers.length > 0) makeCurrent(list.querySelector(".tile-link"));
    },

    /**
     * @param {string} [id] - Of the picture that gets the focus; without one, the first does.
     * @returns {boolean} Whether there was one.
     */
    focus(id) {
      const tile = id === undefined ? list.firstElementChild : tiles.get(id);
      tile?.querySelector(".tile-link").focus();
      return tile !== null && tile !== undefined;
    },
  };
}

function createTile(answer) {
  const name = fileName(answer.path);
  const ratio = shownRatio(answer.width, answer.height);
  const tile = element("li", { class: "tile" },
    element("a", { class: "tile-link", href: addressOf(`photo/${answer.id}`), draggable: "false", title: answer.path },
      thumbnailImage(answer.thumbnail, {
        name, longestSide: rowHeight * Math.max(ratio, 1), width: answer.width, height: answer.height,
      }),
      element("span", { class: "tile-labels" })),
    element("a", {
      class: "tile-more", href: addressOf("similar", [["picture", answer.id]]), draggable: "false",
      "aria-label": `More like ${name}`, title: "More like this (M)", "aria-keyshortcuts": "M",
    }, icon("similar")));
  tile.dataset.picture = answer.id;
  tile.style.setProperty("--ratio", ratio);
  return tile;
}

function label(tile, { presence = null, tier = null }, showsPresence) {
  fill(tile.querySelector(".tile-labels"),
    tier !== null && tierBadge(tier),
    showsPresence && presence !== null && element("span", { class: "presence" }, percent(presence)));
}

/**
 * @param {string} tier
 * @returns {HTMLElement}
 */
export function tierBadge(tier) {
  return element("span", { class: `tier tier-${tier}`, title: tiers[tier] ?? "" }, tier);
}
