import { isAbort, request } from "./client.js";
import { showBusy } from "./busy.js";
import { droppedPicture } from "./dropped-pictures.js";
import { button, linkButton } from "./controls.js";
import { element, fill } from "./elements.js";
import { exampleImage } from "./example-image.js";
import { createFilterPanel } from "./filter-panel.js";
import { count, counted, percent } from "./format.js";
import { libraryStatus } from "./library-status.js";
import { problemPanel } from "./notices.js";
import { createPictureGrid } from "./picture-grid.js";
import { setPictureSequence } from "./picture-sequence.js";
import { isBrowsing, mostAnswers, pageLength, queryAddress, queryOf, requestOf } from "./queries.js";
import { navigate } from "./router.js";

const examples = ["a cat", "a birthday cake", "mountains in the snow", "a red car", "a sunset over water"];

/**
 * The pictures that a search found, or some of all while nothing is looked for.
 *
 * @param {{leaveUpwards: () => void, showQuery: (query: import("./queries.js").Query) => void}} options
 * @returns {{element: HTMLElement, show: Function, hide: Function, focusPicture: Function}}
 */
export function createResultsView({ leaveUpwards, showQuery }) {
  const grid = createPictureGrid({ leaveUpwards });
  const heading = element("h1", { tabindex: "-1" });
  const summary = element("p", { class: "summary", id: "summary", role: "status" });
  const example = element("div", { class: "view-example" });
  const filters = createFilterPanel({
    change: (changed) => navigate(queryAddress({ ...query, filters: changed, top: pageLength })),
  });
  const place = element("div", { class: "results", id: "results" });
  const view = element("section", { class: "results-view" },
    element("div", { class: "view-head" },
      example, element("div", { class: "view-title" }, heading, summary), filters.button),
    filters.form, filters.active, place);

  let query = null;
  let running = new AbortController();

  const find = async (signal) => {
    const file = query.dropped === null ? null : droppedPicture(query.dropped)?.file ?? null;
    const { path, options } = await requestOf(query, file);
    return request(path, { ...options, signal });
  };

  const showAnswers = (answer, libraryCount) => {
    const answers = isBrowsing(query) ? answer.pictures : answer.answers;
    setPictureSequence(answers.map(({ id }) => id));
    if (answers.length === 0) {
      summary.textContent = isBrowsing(query) ? "No picture passes the filters." : "Nothing found.";
      fill(place, nothingFound(query));
      return;
    }
    summary.textContent = summaryOf(query, answers, libraryCount);
    grid.show(answers, { showsPresence: !isBrowsing(query) });
    fill(place, isBrowsing(query) && query.filters.length === 0 && suggestions(), grid.element, more(query, answers));
  };

  const refresh = async () => {
    running.abort();
    running = new AbortController();
    const { signal } = running;
    try {
      const library = await libraryStatus();
      if (signal.aborted) return;
      filters.show(query.filters, library);
      filters.button.hidden = library.contentCount === 0;
      if (library.contentCount === 0) {
        showEmptyLibrary(summary, place);
        return;
      }
      if (query.dropped !== null && droppedPicture(query.dropped) === null) {
        summary.textContent = "";
        fill(place, forgottenPicture());
        return;
      }
      const answer = await showBusy(find(signal));
      if (!signal.aborted) showAnswers(answer, library.contentCount);
    } catch (error) {
      if (isAbort(error) || signal.aborted) return;
      summary.textContent = "";
      fill(place, problemPanel(error, refresh));
    }
  };

  return {
    element: view,

    /** @param {import("./router.js").Route} route */
    async show(route) {
      query = queryOf(route);
      showQuery(query);
      heading.textContent = headingOf(query);
      fill(example, exampleImage(query, 72));
      await refresh();
    },

    hide() {
      running.abort();
    },

    focusPicture(id) {
      return grid.focus(id);
    },
  };
}

function headingOf({ words, picture, dropped }) {
  const example = picture !== null || dropped !== null;
  if (example && words !== "") return `Like this, and “${words}”`;
  if (example) return "More like this";
  return words === "" ? "Your pictures" : words;
}

function summaryOf(query, answers, libraryCount) {
  const number = counted(answers.length, "picture");
  if (isBrowsing(query)) {
    if (answers.length < query.top) return `${number}, the newest first`;
    if (query.filters.length > 0) return `${number}, and perhaps more`;
    return `${count(answers.length)} of ${counted(libraryCount, "picture")}, the newest first`;
  }
  const presence = answers[0].presence;
  return presence === null ? `${number}, the most alike first` : `${number}, the likeliest first: ${percent(presence)}`;
}

function suggestions() {
  return element("p", { class: "suggestions" }, "Try ",
    ...examples.map((words) => element("a", { class: "chip", href: queryAddress({ words }) }, words)));
}

function more(query, answers) {
  const mayBeMore = answers.length >= query.top && query.top < mostAnswers;
  const showsAll = query.filters.some(([name]) => name === "all");
  const leavesOut = query.words !== "" && !showsAll && answers[0].presence !== null;
  if (mayBeMore) {
    const longer = queryAddress({ ...query, top: Math.min(query.top + pageLength, mostAnswers) });
    const click = () => navigate(longer, { isReplacing: true });
    return element("p", { class: "results-end" }, button("Show more", { id: "show-more", click }));
  }
  if (!leavesOut) return null;
  return element("p", { class: "results-end" }, "Pictures that hardly show it are left out. ",
    element("a", { href: addressWithAll(query) }, "Show them too"));
}

function addressWithAll(query) {
  return queryAddress({ ...query, filters: [...query.filters.filter(([name]) => name !== "all"), ["all", "true"]] });
}

function nothingFound(query) {
  const looksForWords = query.words !== "";
  return element("div", { class: "empty", id: "nothing-found" },
    element("h2", {}, looksForWords ? `No picture shows “${query.words}”` : "No picture passes the filters"),
    looksForWords && element("p", {}, "None is likely to, at least. Something is always nearest, though."),
    element("p", { class: "button-row" },
      looksForWords &&
        linkButton("Show what is nearest", addressWithAll(query), { id: "show-nearest", kind: "primary" }),
      query.filters.length > 0 && linkButton("Search without filters", queryAddress({ ...query, filters: [] }))));
}

function showEmptyLibrary(summary, place) {
  summary.textContent = "There are no pictures in the library yet.";
  fill(place, element("div", { class: "empty", id: "empty-library" },
    element("h2", {}, "Tell Glimpse where your pictures are"),
    element("p", {}, "In a terminal, on the machine the server runs on:"),
    element("pre", {}, element("code", {}, "glimpse index FOLDER")),
    element("p", {}, "Your pictures stay where they are and are never changed. Then load this page again.")));
}

function forgottenPicture() {
  return element("div", { class: "empty" },
    element("h2", {}, "The picture is not here any more"),
    element("p", {}, "The page forgets a dropped picture when it is loaded again. Drop it once more."));
}
