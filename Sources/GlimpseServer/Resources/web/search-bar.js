import { element, fill } from "./elements.js";
import { exampleImage } from "./example-image.js";
import { isBrowsing, queryAddress } from "./queries.js";
import { navigate } from "./router.js";

const typingPause = 200;

/**
 * The field in the header: searches while somebody types, and shows the picture that is searched by.
 *
 * @param {{enterResults: () => void}} options - Called when the arrow key leads down from the field.
 * @returns {{show: (query: import("./queries.js").Query) => void, focus: () => void}}
 */
export function createSearchBar({ enterResults }) {
  const field = document.getElementById("query");
  const clear = document.getElementById("clear-query");
  const example = document.getElementById("query-picture");
  let shown = { words: "", picture: null, dropped: null, filters: [] };
  let timer = null;
  // While somebody types, one step back leads to what was there before; a search that was looked at is worth a step.
  let isTyping = false;

  const search = () => {
    clearTimeout(timer);
    timer = null;
    const words = field.value.trim();
    if (words === shown.words && isOnResults()) return;
    navigate(queryAddress({ ...shown, words, top: undefined }), { isReplacing: isTyping && isOnResults() });
    isTyping = true;
  };
  const isOnResults = () => document.body.dataset.view === "results";
  const commit = () => {
    isTyping = false;
  };

  field.addEventListener("input", () => {
    clear.hidden = field.value === "";
    clearTimeout(timer);
    timer = setTimeout(search, typingPause);
  });
  field.addEventListener("blur", () => {
    if (timer !== null) search();
    commit();
  });
  field.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") {
      event.preventDefault();
      enterResults();
    } else if (event.key === "Escape") {
      // Browsers empty search fields with this key and keep the focus; here the field is left, as everything else is.
      event.preventDefault();
      field.blur();
    } else if (event.key === "Backspace" && field.value === "" && !example.hidden) {
      removeExample();
    }
  });
  document.getElementById("search-form").addEventListener("submit", (event) => {
    event.preventDefault();
    search();
    commit();
  });
  clear.addEventListener("click", () => {
    field.value = "";
    clear.hidden = true;
    search();
    field.focus();
  });

  const removeExample = () => {
    navigate(queryAddress({ ...shown, picture: null, dropped: null, top: undefined }));
    field.focus();
  };

  return {
    /** Shows the query of the page's address, unless somebody is typing the next one. */
    show(query) {
      shown = query;
      if (timer === null && field.value.trim() !== query.words) field.value = query.words;
      clear.hidden = field.value === "";
      const hasExample = query.picture !== null || query.dropped !== null;
      field.placeholder = hasExample ? "Add words, or -words" : "Describe a picture";
      example.hidden = !hasExample;
      if (hasExample) {
        fill(example,
          exampleImage(query, 32),
          element("button", {
            class: "search-bar-remove", id: "remove-query-picture", type: "button", click: removeExample,
            "aria-label": "Search without this picture",
          }, "×"));
      }
      if (isBrowsing(query)) commit();
    },

    /** Puts the cursor into the field and selects what is there. */
    focus() {
      field.focus();
      field.select();
    },
  };
}
