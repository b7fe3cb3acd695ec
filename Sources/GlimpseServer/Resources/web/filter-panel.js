import { button, check, choice, field } from "./controls.js";
import { element, fill, icon } from "./elements.js";
import { filterInWords, filtersOfForm, valuesOf, withoutFilter } from "./filters.js";

const day = {
  pattern: "\\d{4}(-\\d{2}(-\\d{2})?)?",
  title: "A year, a month or a day, as in 2023, 2023-07 or 2023-07-14",
};
const place = {
  pattern: "\\s*-?\\d+(\\.\\d+)?\\s*,\\s*-?\\d+(\\.\\d+)?\\s*",
  title: "Latitude and longitude, as in 52.5,13.4",
};
const distance = { type: "number", min: 0, step: "any" };
const orientations = [["", "Any"], ["landscape", "Landscape"], ["portrait", "Portrait"], ["square", "Square"]];
const types = [["", "Any"], ["photo", "Photos"], ["video", "Videos"]];

/**
 * The filters of a search: a button that opens their form, and the ones in use, each of which can be taken away.
 *
 * @param {{change: (filters: import("./filters.js").Filters) => void}} options
 * @returns {{button: HTMLElement, form: HTMLElement, active: HTMLElement, show: Function}}
 */
export function createFilterPanel({ change }) {
  const form = element("form", { class: "filter-form", id: "filters", "aria-label": "Filters", hidden: true });
  const number = element("span", { class: "filter-number" });
  const active = element("ul", { class: "filter-chips", role: "list", "aria-label": "Filters in use" });
  const toggle = element("button", {
    class: "button quiet", id: "filter-button", type: "button", "aria-expanded": "false", "aria-controls": "filters",
    click: () => {
      form.hidden = !form.hidden;
      toggle.setAttribute("aria-expanded", String(!form.hidden));
    },
  }, icon("filter"), "Filters", number);

  const clear = () => {
    document.activeElement.blur();
    change([]);
  };

  form.addEventListener("change", () => {
    if (form.reportValidity()) change(filtersOfForm(new FormData(form)));
  });
  form.addEventListener("submit", (event) => event.preventDefault());

  return {
    button: toggle,
    form,
    active,

    /**
     * @param {import("./filters.js").Filters} filters
     * @param {object} library - As `GET /api/v1/library` gives it.
     */
    show(filters, library) {
      number.textContent = filters.length === 0 ? "" : String(filters.length);
      fill(active, ...filters.map(([name, value]) =>
        chip(filterInWords(name, value), () => change(withoutFilter(filters, name, value)))));
      // A change comes from the form itself while somebody fills it in: building it anew would take the focus away.
      if (!form.contains(document.activeElement)) fill(form, ...fieldsOf(filters, library, clear));
    },
  };
}

function chip(words, remove) {
  return element("li", {},
    element("button", { class: "chip", type: "button", click: remove, "aria-label": `Without the filter ${words}` },
      words, icon("close")));
}

function fieldsOf(filters, library, clear) {
  const value = (name) => valuesOf(filters, name)[0] ?? "";
  const text = (name, placeholder, constraint = {}) =>
    element("input", { name, value: value(name), placeholder, autocomplete: "off", ...constraint });
  const models = [["", "The usual one"], ...library.models.map(({ name }) => [name, name])];
  const unlikely = element("input", { type: "checkbox", name: "all", value: "true", checked: value("all") === "true" });
  return [
    element("div", { class: "filter-fields" },
      field("Since", text("since", "2023-06", day)),
      field("Until", text("until", "2023-08-31", day)),
      field("Camera", text("camera", "EOS")),
      field("Size", text("size", "2MP, ..2MP or 1MB..5MB")),
      field("Near", text("near", "52.5,13.4", place)),
      field("Within km", text("within", "10", distance)),
      field("Orientation", choice("orientation", value("orientation"), orientations)),
      field("Type", choice("type", value("type"), types)),
      library.models.length > 1 && field("Model", choice("model", value("model"), models))),
    folderFields(valuesOf(filters, "under"), valuesOf(filters, "exclude"), library.roots),
    element("div", { class: "filter-end" },
      check("Show unlikely ones too", unlikely),
      button("Clear all filters", { kind: "quiet", click: clear })),
  ];
}

function folderFields(folders, excluded, roots) {
  const lines = (name, values, placeholder) =>
    element("textarea", { name, placeholder, rows: 2, spellcheck: "false" }, values.join("\n"));
  const boxes = roots.map((root) =>
    check(root, element("input", { type: "checkbox", name: "under", value: root, checked: folders.includes(root) })));
  const others = folders.filter((folder) => !roots.includes(folder));
  return element("div", { class: "filter-folders" },
    roots.length > 0 && element("fieldset", {}, element("legend", {}, "In the folders"), ...boxes),
    field("In other folders", lines("under", others, "/home/me/Pictures/2023\none a line")),
    field("Not these files", lines("exclude", excluded, "*/screenshots/*\none a line")));
}
