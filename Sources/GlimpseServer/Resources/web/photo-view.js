import { isAbort, request } from "./client.js";
import { showBusy } from "./busy.js";
import { linkButton } from "./controls.js";
import { element, fill, icon } from "./elements.js";
import { fileName } from "./format.js";
import { createLabelScores } from "./label-scores.js";
import { problemPanel } from "./notices.js";
import { photoFacts } from "./photo-facts.js";
import { placeInSequence } from "./picture-sequence.js";
import { addressOf, navigate, stepsToCoveredView } from "./router.js";
import { createSimilarStrip } from "./similar-strip.js";
import { shownRatio, thumbnailAddress } from "./thumbnails.js";

const placeholderSize = 640;

/**
 * One picture, large, over the view it was opened from.
 *
 * @param {{onClose: (id: string) => void}} options - Called with the picture that was seen last.
 * @returns {{show: (id: string) => void, close: () => void}}
 */
export function createPhotoView({ onClose }) {
  const dialog = document.getElementById("photo");
  const stage = element("div", { class: "photo-stage" });
  const side = element("div", { class: "photo-side" });
  const position = element("span", { class: "photo-position" });
  const previous = stepButton("previous-photo", "Picture before", "left", () => step("previous"));
  const next = stepButton("next-photo", "Next picture", "right", () => step("next"));
  const close = element("button", {
    class: "icon-button", id: "close-photo", type: "button", "aria-label": "Close the picture", click: leave,
  }, icon("close"));
  const labels = createLabelScores();
  const similar = createSimilarStrip();

  let shown = null;
  let running = new AbortController();

  fill(dialog, element("div", { class: "photo-frame" }, stage, previous, next,
    element("div", { class: "photo-bar" }, close, position)), side);

  function step(direction) {
    const id = placeInSequence(shown)[direction];
    if (id !== null) navigate(addressOf(`photo/${id}`), { isReplacing: true });
  }

  dialog.addEventListener("keydown", (event) => {
    if (event.target.matches("input, textarea, select") || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "ArrowLeft") step("previous");
    if (event.key === "ArrowRight") step("next");
    if (event.key === "m") navigate(addressOf("similar", [["picture", shown]]));
  });
  // The address says what is open, so the dialog closes because the address changes, never by itself.
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    leave();
  });

  const load = async (id, signal) => {
    try {
      const details = await showBusy(request(`pictures/${id}/details`, { signal }));
      if (signal.aborted) return;
      const name = fileName(details.path);
      document.title = `${name} – Glimpse`;
      showPicture(stage, details, name, signal);
      fill(side,
        element("h2", { id: "photo-name" }, name),
        element("div", { class: "button-row" },
          linkButton("More like this", addressOf("similar", [["picture", id]]),
            { id: "more-like-this", kind: "primary", drawing: "similar" }),
          linkButton("Open alone", details.picture, { target: "_blank", rel: "noopener", drawing: "open" })),
        photoFacts(details), labels.element, similar.element);
      labels.show(id, signal);
      similar.show(id, signal);
    } catch (error) {
      if (isAbort(error) || signal.aborted) return;
      fill(stage);
      fill(side, element("h2", { id: "photo-name" }, "No picture"), problemPanel(error));
    }
  };

  return {
    show(id) {
      if (dialog.open && shown === id) return;
      running.abort();
      running = new AbortController();
      shown = id;
      const place = placeInSequence(id);
      previous.hidden = place.previous === null;
      next.hidden = place.next === null;
      position.textContent = place.position === 0 ? "" : `${place.position} of ${place.length}`;
      if (!dialog.open) {
        fill(stage);
        fill(side, element("h2", { id: "photo-name" }, "Picture"));
        dialog.showModal();
        // By itself the dialog would give the focus to its first button, as if that were what one came for.
        dialog.focus();
      }
      side.scrollTop = 0;
      load(id, running.signal);
    },

    close() {
      if (!dialog.open) return;
      running.abort();
      dialog.close();
      onClose(shown);
    },
  };
}

function leave() {
  const steps = stepsToCoveredView();
  if (steps > 0) history.go(-steps);
  else navigate("#/", { isReplacing: true });
}

function stepButton(id, name, drawing, click) {
  return element("button", { class: "photo-step", id, type: "button", "aria-label": name, click }, icon(drawing));
}

/** Shows the thumbnail at once, as large as the picture will be, and the picture when it is there. */
async function showPicture(stage, { thumbnail, picture, width, height }, name, signal) {
  const image = element("img", {
    id: "photo-picture", src: thumbnailAddress(thumbnail, placeholderSize, 1), alt: name, width, height,
  });
  image.style.setProperty("--width", `${width}px`);
  image.style.setProperty("--height", `${height}px`);
  stage.style.setProperty("--ratio", shownRatio(width, height));
  fill(stage, image);
  const full = new Image();
  full.src = picture;
  try {
    await full.decode();
    if (!signal.aborted) image.src = picture;
  } catch {
    // The thumbnail stays: it is all that there is to see of a file that cannot be shown.
  }
}
