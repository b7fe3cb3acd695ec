import { request } from "./client.js";
import { button } from "./controls.js";
import { element } from "./elements.js";
import { counted } from "./format.js";
import { notifyOfProblem } from "./notices.js";

const phases = {
  scanning: "Looking through the folders",
  indexing: "Reading new pictures",
  preparing: "Preparing the search",
};

/**
 * Starts and stops indexing, and shows how far it is.
 *
 * @returns {{element: HTMLElement, showStatus: Function, showProgress: Function, showFinish: Function}}
 */
export function createIndexingPanel() {
  const start = button("Look for changes", { id: "start-indexing", kind: "primary", drawing: "refresh", click: begin });
  const stop = button("Stop", { id: "stop-indexing", click: end });
  const bar = element("progress", { "aria-labelledby": "indexing-text" });
  const text = element("p", { class: "indexing-text", id: "indexing-text" });
  const outcome = element("p", { id: "indexing-outcome", role: "status" });
  const running = element("div", { class: "indexing-running", hidden: true }, text, bar, stop);

  async function begin() {
    // Shown before the request is answered: a small library is done, and says so, before the answer is here.
    outcome.textContent = "";
    showRunning(true);
    try {
      await request("library/index", { method: "POST" });
    } catch (error) {
      // Somebody else started it: the events tell how far it is.
      if (error.code === "busy") return;
      showRunning(false);
      notifyOfProblem(error);
    }
  }

  async function end() {
    try {
      await request("library/index", { method: "DELETE" });
    } catch (error) {
      notifyOfProblem(error);
    }
  }

  function showRunning(isRunning) {
    const hadFocus = document.activeElement === start || document.activeElement === stop;
    if (running.hidden && isRunning) {
      bar.removeAttribute("value");
      text.textContent = `${phases.scanning} …`;
    }
    start.hidden = isRunning;
    running.hidden = !isRunning;
    if (hadFocus) (isRunning ? stop : start).focus();
  }

  return {
    element: element("div", { class: "indexing" }, start, running, outcome),

    showStatus({ isIndexing }) {
      showRunning(isIndexing);
    },

    showProgress({ phase, completed, total, embedded }) {
      showRunning(true);
      if (total > 0) {
        bar.max = total;
        bar.value = completed;
      } else {
        bar.removeAttribute("value");
      }
      const number = total > 0 ? `: ${completed} of ${total}` : completed > 0 ? `: ${completed}` : "";
      text.textContent = `${phases[phase] ?? phase}${number}${embedded > 0 ? `, ${embedded} new` : ""}`;
    },

    showFinish({ embedded, unchanged, unreadable, removed, error }) {
      showRunning(false);
      const parts = [
        counted(embedded, "new picture"), `${unchanged} unchanged`,
        unreadable > 0 && `${unreadable} that cannot be read`, removed > 0 && `${removed} gone`,
      ];
      outcome.textContent = error ?? `${parts.filter(Boolean).join(", ")}.`;
    },
  };
}
