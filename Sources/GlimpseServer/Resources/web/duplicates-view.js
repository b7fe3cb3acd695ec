import { request } from "./client.js";
import { showBusy } from "./busy.js";
import { confirmed } from "./confirmation.js";
import { button, linkButton, viewHead } from "./controls.js";
import { isSettled } from "./duplicate-choice.js";
import { createDuplicateGroup } from "./duplicate-group.js";
import { createSettingsForm, parametersOf, settingsAddress, settingsOf } from "./duplicate-settings.js";
import { element, fill, icon } from "./elements.js";
import { byteSize, count, counted } from "./format.js";
import { libraryStatus } from "./library-status.js";
import { notify, notifyOfProblem, problemPanel } from "./notices.js";
import { setPictureSequence } from "./picture-sequence.js";
import { readOnlyHint } from "./read-only-hint.js";
import { navigate } from "./router.js";

const pageLength = 20;

/**
 * Groups of files that are the same in some degree: what to keep of each, and the others into the trash.
 *
 * @returns {{element: HTMLElement, show: Function, hide: Function}}
 */
export function createDuplicatesView() {
  const summary = element("p", { class: "summary", id: "duplicates-summary", role: "status" });
  const undoButton = button("Undo the last move to the trash", {
    id: "undo-trash", kind: "quiet", drawing: "undo", hidden: true, click: undo,
  });
  const trashAllButton = button("", { id: "trash-all", kind: "primary", click: trashAll });
  const form = createSettingsForm({ change: (changed) => navigate(settingsAddress(changed), { isReplacing: true }) });
  const place = element("div", { class: "duplicate-groups", id: "duplicate-groups" });
  const pages = element("nav", { class: "pages", "aria-label": "Further groups" });
  const view = element("section", { class: "duplicates-view" },
    viewHead("Duplicates", summary, undoButton), form.element, place, pages);

  let settings = settingsOf(new URLSearchParams());
  let openGroups = [];
  let groupCount = 0;
  let settledCount = 0;
  let running = new AbortController();

  async function refresh() {
    running.abort();
    running = new AbortController();
    const { signal } = running;
    try {
      const query = [...parametersOf(settings), ["top", String(pageLength)]];
      const work = Promise.all([libraryStatus(), request("duplicates", { query, signal })]);
      const [{ isReadOnly }, found] = await showBusy(work);
      if (!signal.aborted) showGroups(found, isReadOnly);
    } catch (error) {
      if (signal.aborted) return;
      summary.textContent = "";
      fill(pages);
      fill(place, problemPanel(error, refresh));
    }
  }

  function showGroups({ groups, groupCount: number, surplusCount, surplusByteCount, canUndo }, isReadOnly) {
    groupCount = number;
    settledCount = 0;
    openGroups = groups.map((group) =>
      createDuplicateGroup(group, { isReadOnly, trash: (entry) => trash([entry]), change: showActions }));
    setPictureSequence(groups.flatMap(({ files }) => files.map(({ picture }) => picture)));
    const surplus = `${counted(surplusCount, "file")} more than needed, ${byteSize(surplusByteCount)}`;
    summary.textContent = number === 0 ? "" : `${counted(number, "group")} with ${surplus}`;
    undoButton.hidden = isReadOnly || !canUndo;
    if (number === 0) {
      fill(place, noDuplicates());
    } else {
      const end = isReadOnly ? readOnlyHint() : element("p", { class: "results-end" }, trashAllButton);
      fill(place, ...openGroups.map((entry) => entry.element), end);
    }
    showActions();
  }

  function showActions() {
    const groups = counted(openGroups.length, "group");
    const going = goingCount(openGroups);
    fill(trashAllButton, icon("trash"), `Move the others of all ${groups} to the trash: ${counted(going, "file")}`);
    trashAllButton.hidden = openGroups.length < 2 || going === 0;
    fill(pages, ...pageLinks());
  }

  function pageLinks() {
    const { offset } = settings;
    // Groups that are gone from the server's list have moved the later ones forward.
    const laterOffset = offset + pageLength - settledCount;
    const addressAt = (start) => settingsAddress({ ...settings, offset: start });
    return [
      offset > 0 && linkButton("Earlier groups", addressAt(Math.max(offset - pageLength, 0)), { drawing: "left" }),
      laterOffset < groupCount - settledCount &&
        linkButton("Further groups", addressAt(laterOffset), { drawing: "right", id: "later-groups" }),
    ];
  }

  async function trashAll() {
    const isSure = await confirmed({
      title: `Move ${counted(goingCount(openGroups), "file")} to the trash?`,
      text: `They are of the ${counted(openGroups.length, "group")} shown. One file of each stays, and so do those ` +
        "you spared. Nothing is deleted; you can undo it.",
      action: "Move to the trash",
    });
    if (isSure) await trash(openGroups);
  }

  async function trash(entries) {
    const acting = entries.filter((entry) => entry.removal().remove.length > 0);
    const json = { groups: acting.map((entry) => entry.removal()) };
    await act(async () => {
      const { canUndo, outcomes, problem } = await request("duplicates/trash", { method: "POST", json });
      settledCount += acting.filter((entry) => isSettled(entry.group, entry.choice(), outcomes)).length;
      openGroups = openGroups.filter((entry) => !acting.includes(entry));
      undoButton.hidden = !canUndo;
      showOutcomes(acting, outcomes, canUndo);
      showActions();
      if (problem !== null) notify(problem, { isProblem: true });
    });
  }

  function showOutcomes(entries, outcomes, canUndo) {
    for (const earlier of place.querySelectorAll("[data-action=undo]")) earlier.remove();
    for (const entry of entries) entry.showOutcomes(outcomes);
    if (entries.length === 1) {
      const panel = entries[0].element.querySelector(".group-outcome");
      if (canUndo) panel.append(button("Undo", { drawing: "undo", "data-action": "undo", click: undo }));
      return;
    }
    const { done, obstructed } = countsOf(outcomes);
    const rest = obstructed === 0 ? "" : ` Left where they were: ${count(obstructed)}.`;
    notify(`${counted(done, "file")} moved to the trash.${rest}`);
  }

  async function undo() {
    await act(async () => {
      const { outcomes, problem } = await request("duplicates/undo", { method: "POST" });
      const back = counted(countsOf(outcomes).done, "file is", "files are");
      notify(outcomes.length === 0 ? "There was nothing to take back." : `${back} back.`);
      for (const { path, obstacle } of outcomes) {
        if (obstacle !== null) notify(`${path} is not back: ${obstacle}`, { isProblem: true });
      }
      if (problem !== null) notify(problem, { isProblem: true });
      await refresh();
    });
  }

  /**
   * Lets nothing else be pressed meanwhile. What was pressed is gone afterwards, so the focus goes to what came of it.
   */
  async function act(work) {
    view.inert = true;
    try {
      await showBusy(work());
    } catch (error) {
      notifyOfProblem(error);
    }
    view.inert = false;
    const outcome = place.querySelector(".group-outcome:has([data-action=undo])") ?? view.querySelector("h1");
    outcome.focus({ preventScroll: true });
  }

  return {
    element: view,

    /** @param {import("./router.js").Route} route */
    async show({ parameters }) {
      settings = settingsOf(parameters);
      form.show(settings);
      await refresh();
    },

    hide() {
      running.abort();
    },
  };
}

function goingCount(entries) {
  return entries.reduce((sum, entry) => sum + entry.removal().remove.length, 0);
}

function countsOf(outcomes) {
  const obstructed = outcomes.filter(({ obstacle }) => obstacle !== null).length;
  return { done: outcomes.length - obstructed, obstructed };
}

function noDuplicates() {
  return element("div", { class: "empty", id: "no-duplicates" },
    element("h2", {}, "No duplicates of this kind"),
    element("p", {}, "Look for looser degrees above, such as bursts and look-alikes."));
}
