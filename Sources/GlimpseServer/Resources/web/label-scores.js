import { isAbort, request } from "./client.js";
import { button } from "./controls.js";
import { element, fill } from "./elements.js";
import { percent } from "./format.js";
import { problemPanel } from "./notices.js";
import { recall, remember } from "./storage.js";

const memory = "labels";

/**
 * @param {string} text - Labels with commas between them.
 * @returns {string[]} Each once, without the blanks around it.
 */
function labelsOf(text) {
  return [...new Set(text.split(",").map((label) => label.trim()).filter((label) => label !== ""))];
}

/**
 * How well a picture fits labels of one's own. The labels are remembered and go from picture to picture.
 *
 * @returns {{element: HTMLElement, show: (id: string, signal: AbortSignal) => Promise<void>}}
 */
export function createLabelScores() {
  const field = element("input", {
    id: "labels", type: "text", placeholder: "cat, dog, something else", autocomplete: "off", spellcheck: "false",
    "aria-describedby": "labels-hint", value: recall(memory),
  });
  const scores = element("div", { class: "label-scores", id: "label-scores", "aria-live": "polite" });
  let picture = null;
  let signalOfPicture = null;
  let running = new AbortController();

  const compare = async () => {
    running.abort();
    running = new AbortController();
    const labels = labelsOf(field.value);
    if (labels.length === 0) {
      fill(scores);
      return;
    }
    try {
      const answer = await request("classify", {
        method: "POST",
        json: { inputs: [{ picture }], labels, top: labels.length },
        signal: AbortSignal.any([running.signal, signalOfPicture]),
      });
      fill(scores, element("ol", { class: "bars", role: "list" }, ...answer.predictions[0].map(bar)));
    } catch (error) {
      if (!isAbort(error)) fill(scores, problemPanel(error));
    }
  };

  const form = element("form", {
    class: "label-form",
    submit: (event) => {
      event.preventDefault();
      remember(memory, field.value);
      compare();
    },
  },
    element("label", { for: "labels" }, "What is it?"),
    element("div", { class: "input-row" }, field, button("Compare", { id: "compare-labels", type: "submit" })),
    element("p", { class: "hint", id: "labels-hint" },
      "Labels of your own, with commas. The numbers are shares among them."));

  return {
    element: element("section", { class: "photo-section" }, form, scores),

    async show(id, signal) {
      picture = id;
      signalOfPicture = signal;
      fill(scores);
      await compare();
    },
  };
}

function bar({ label, probability }) {
  const share = element("span", { class: "bar-share" });
  share.style.setProperty("--share", probability);
  return element("li", { class: "bar" },
    element("span", { class: "bar-label" }, label),
    element("span", { class: "bar-number" }, percent(probability)),
    element("span", { class: "bar-track", "aria-hidden": "true" }, share));
}
