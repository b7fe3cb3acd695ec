import { button, check } from "./controls.js";
import { keeping, proposedChoice, removalOf, sparing } from "./duplicate-choice.js";
import { element, fill, icon } from "./elements.js";
import { byteSize, counted, dimensions, fileName, folderName, timeOfDay } from "./format.js";
import { tierBadge } from "./picture-grid.js";
import { addressOf } from "./router.js";
import { thumbnailImage } from "./thumbnails.js";
import { tiers } from "./tiers.js";

const thumbnailSide = 200;

/**
 * One group of duplicates, with a choice for each file.
 *
 * @param {{tier: string, files: object[]}} group - As the API gives it.
 * @param {{isReadOnly: boolean, trash: Function, change: () => void}} options - `trash` gets the very object that this
 *   returns; `change` is called after every choice.
 * @returns {{element: HTMLElement, group: object, choice: Function, removal: Function, showOutcomes: Function}}
 */
export function createDuplicateGroup(group, { isReadOnly, trash, change }) {
  let choice = proposedChoice(group);
  const title = `${counted(group.files.length, "file")}: ${tiers[group.tier] ?? group.tier}`;
  const consequence = element("p", { class: "group-consequence" });
  const trashButton = button("", { "data-action": "trash-group", click: () => trash(entry) });
  const cards = group.files.map((file) => createFileCard(file, {
    groupName: group.files[0].id,
    isReadOnly,
    keep: () => decide(keeping(choice, file.id)),
    spare: (isSpared) => decide(sparing(choice, file.id, isSpared)),
  }));
  const article = element("article", { class: "duplicate-group", "data-tier": group.tier, "aria-label": title },
    element("header", { class: "group-head" }, tierBadge(group.tier), element("p", {}, title), consequence),
    element("ul", { class: "group-files", role: "list" }, ...cards.map((card) => card.element)),
    !isReadOnly && element("footer", {}, trashButton));

  const entry = {
    element: article,
    group,
    choice: () => choice,
    removal: () => removalOf(group, choice),

    /**
     * Says in the place of the group what came of it.
     *
     * @param {object[]} outcomes - As the API gives them; those of other groups are passed over.
     */
    showOutcomes(outcomes) {
      const own = outcomes.filter(({ id }) => group.files.some((file) => file.id === id));
      fill(article, outcomePanel(group, choice, own));
    },
  };

  function decide(next) {
    choice = next;
    showChoice();
    change();
  }

  function showChoice() {
    for (const card of cards) card.show(choice);
    const { remove } = removalOf(group, choice);
    const going = group.files.filter(({ id }) => remove.includes(id));
    const bytes = going.reduce((sum, { byteCount }) => sum + byteCount, 0);
    consequence.textContent = going.length === 0 ? "" : byteSize(bytes);
    fill(trashButton, icon("trash"), trashWords(going.length));
    trashButton.disabled = going.length === 0;
  }

  showChoice();
  return entry;
}

function trashWords(number) {
  if (number === 0) return "All files stay";
  return `Move the other${number === 1 ? "" : ` ${number}`} to the trash`;
}

function outcomePanel({ files }, { kept }, outcomes) {
  const obstructed = outcomes.filter(({ obstacle }) => obstacle !== null);
  const moved = counted(outcomes.length - obstructed.length, "file");
  const keptName = fileName(files.find(({ id }) => id === kept).path);
  const obstacles = obstructed.map(({ path, obstacle }) =>
    element("li", { class: "problem-line" }, `${fileName(path)} is still there: ${obstacle}`));
  return element("div", { class: "group-outcome", tabindex: "-1" },
    element("p", {}, icon("check"), `${moved} moved to the trash. Kept: ${keptName}`),
    obstacles.length > 0 && element("ul", {}, ...obstacles));
}

function createFileCard(file, { groupName, isReadOnly, keep, spare }) {
  const { id, path, picture, thumbnail, width, height, byteCount, modifiedAt } = file;
  const name = fileName(path);
  const state = element("span", { class: "file-state" });
  const keepControl = element("input", {
    type: "radio", name: `keep-${groupName}`, "data-action": "keep", "aria-label": `Keep ${path}`, change: keep,
  });
  const spareControl = element("input", {
    type: "checkbox", "data-action": "spare", "aria-label": `Spare ${path}`, change: () => spare(spareControl.checked),
  });
  const item = element("li", { class: "file", "data-file": id },
    element("a", { class: "file-picture", href: addressOf(`photo/${picture}`) },
      thumbnailImage(thumbnail, { name, longestSide: thumbnailSide, width, height }), state),
    element("p", { class: "file-name", title: path },
      element("strong", {}, name), element("span", {}, folderName(path))),
    element("p", { class: "file-facts" },
      `${dimensions(width, height)}, ${byteSize(byteCount)}`, element("br"), timeOfDay(modifiedAt)),
    !isReadOnly && element("p", { class: "file-choices" }, check("Keep", keepControl), check("Spare", spareControl)));

  return {
    element: item,

    show({ kept, spared }) {
      const isKept = id === kept;
      const isSpared = spared.has(id);
      item.classList.toggle("is-kept", isKept);
      item.classList.toggle("is-going", !isKept && !isSpared);
      keepControl.checked = isKept;
      spareControl.checked = isSpared;
      spareControl.disabled = isKept;
      if (isKept) state.textContent = "kept";
      else state.textContent = isSpared ? "spared" : "";
    },
  };
}
