import { isAbort, request } from "./client.js";
import { showBusy } from "./busy.js";
import { button, viewHead } from "./controls.js";
import { element, fill } from "./elements.js";
import { byteSize, count } from "./format.js";
import { health } from "./health.js";
import { createIndexingPanel } from "./indexing-panel.js";
import { followLibrary } from "./library-events.js";
import { keepLibraryStatus, libraryStatus } from "./library-status.js";
import { problemPanel } from "./notices.js";
import { queryAddress } from "./queries.js";
import { readOnlyHint } from "./read-only-hint.js";
import { endSession } from "./session.js";

/**
 * What the library holds, and keeping it up to date.
 *
 * @returns {{element: HTMLElement, show: Function, hide: Function}}
 */
export function createLibraryView() {
  const indexing = createIndexingPanel();
  const numbers = element("dl", { class: "numbers", id: "library-numbers" });
  const lists = element("div", { class: "library-lists" });
  const failures = element("section", {
    class: "panel", id: "failures", "aria-labelledby": "failures-title", hidden: true,
  });
  const limits = element("div");
  const foot = element("footer", { class: "foot" });
  const view = element("section", { class: "library-view" },
    viewHead("Library", limits, indexing.element),
    numbers, lists, failures, foot);

  let running = new AbortController();
  let stopFollowing = () => {};
  let shownFailureCount = null;

  const showStatus = (status) => {
    keepLibraryStatus(status);
    fill(numbers,
      ...figure("Pictures", count(status.contentCount)),
      ...figure("Files", count(status.fileCount)),
      ...figure("Cannot be read", count(status.failureCount)),
      ...figure("Size of the pictures", byteSize(status.contentByteCount)),
      ...figure("Size of the database", byteSize(status.databaseByteCount)));
    fill(lists, folderPanel(status), modelPanel(status));
    fill(limits, status.isReadOnly && readOnlyHint());
    indexing.element.hidden = status.isReadOnly || status.roots.length === 0;
    indexing.showStatus(status);
    if (status.failureCount !== shownFailureCount) {
      shownFailureCount = status.failureCount;
      showFailures(status.failureCount);
    }
  };

  const showFailures = async (number) => {
    failures.hidden = number === 0;
    if (number === 0) return;
    try {
      const answer = await request("library/failures", { signal: running.signal });
      fill(failures, element("h2", { id: "failures-title" }, "Files that cannot be read"),
        element("p", { class: "hint" }, "They are not tried again until they change."),
        element("ul", { class: "plain-list", role: "list" }, ...answer.failures.map(({ path, message }) =>
          element("li", {}, element("span", { class: "path" }, path), element("span", { class: "hint" }, message)))));
    } catch (error) {
      if (!isAbort(error)) fill(failures, problemPanel(error));
    }
  };

  const load = async () => {
    running = new AbortController();
    const { signal } = running;
    try {
      const work = Promise.all([libraryStatus({ isFresh: true }), health()]);
      const [status, { version, needsToken }] = await showBusy(work);
      if (signal.aborted) return;
      shownFailureCount = null;
      showStatus(status);
      fill(foot, `Glimpse ${version}`,
        needsToken && button("Forget the token", { id: "end-session", kind: "quiet", click: endSession }));
      stopFollowing = followLibrary({
        status: showStatus, progress: indexing.showProgress, finished: indexing.showFinish,
      });
    } catch (error) {
      if (!signal.aborted) fill(numbers, problemPanel(error, load));
    }
  };

  return {
    element: view,
    show: load,

    hide() {
      running.abort();
      stopFollowing();
      stopFollowing = () => {};
    },
  };
}

function figure(name, value) {
  return [element("div", {}, element("dt", {}, name), element("dd", {}, value))];
}

function folderPanel({ roots, folder }) {
  const none = element("p", {}, "None yet. In a terminal: ", element("code", {}, "glimpse index FOLDER"));
  return element("section", { class: "panel", "aria-labelledby": "folders-title" },
    element("h2", { id: "folders-title" }, "Folders"),
    roots.length === 0 ? none : element("ul", { class: "plain-list", role: "list" }, ...roots.map(rootLine)),
    element("p", { class: "hint" }, "What is known of them is in ", element("span", { class: "path" }, folder)));
}

function rootLine(root) {
  const address = queryAddress({ words: "", filters: [["under", root]] });
  return element("li", {}, element("a", { class: "path", href: address }, root));
}

function modelPanel({ models, contentCount }) {
  return element("section", { class: "panel", "aria-labelledby": "vectors-title" },
    element("h2", { id: "vectors-title" }, "Models"),
    models.length === 0 ? element("p", {}, "No picture has been looked at yet.") :
      element("ul", { class: "plain-list", role: "list" }, ...models.map(({ name, embeddingCount }) =>
        element("li", { class: "apart" }, element("a", { href: "#/models" }, name),
          element("span", { class: "hint" }, `${count(embeddingCount)} of ${count(contentCount)} pictures`)))));
}
