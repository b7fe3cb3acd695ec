import { check, choice, field } from "./controls.js";
import { element, fill } from "./elements.js";
import { addressOf } from "./router.js";
import { tiers } from "./tiers.js";

// What looks alike, or was taken in one go, is rarely surplus; the command line acts on these two only as well.
const usualTiers = ["identical", "copy"];
const rules = [["", "the usual one"], ["largest", "the largest"], ["oldest", "the oldest"], ["raw", "raw files"]];
const patternMark = "path:";

/**
 * Which duplicates are shown, and which file of each group is proposed to be kept.
 *
 * @typedef {Object} DuplicateSettings
 * @property {string[]} tiers
 * @property {string} keep - Rules with commas between them, as the API takes them.
 * @property {string} under - A folder, or "".
 * @property {number} offset - How many groups come before the first one shown.
 */

/**
 * @param {URLSearchParams} parameters
 * @returns {DuplicateSettings}
 */
export function settingsOf(parameters) {
  const named = parameters.getAll("tier").filter((tier) => tier in tiers);
  return {
    tiers: named.length === 0 ? usualTiers : named,
    keep: parameters.get("keep") ?? "",
    under: parameters.get("under") ?? "",
    offset: Math.max(Number(parameters.get("offset")) || 0, 0),
  };
}

/**
 * @param {DuplicateSettings} settings
 * @returns {[string, string][]} As parameters of an address, of the page or of the API.
 */
export function parametersOf({ tiers: named, keep, under, offset }) {
  const parameters = [...named.map((tier) => ["tier", tier]), ["keep", keep], ["under", under]];
  if (offset > 0) parameters.push(["offset", String(offset)]);
  return parameters.filter(([, value]) => value !== "");
}

/**
 * @param {DuplicateSettings} settings
 * @returns {string} The address that shows these duplicates.
 */
export function settingsAddress(settings) {
  return addressOf("duplicates", parametersOf(settings));
}

/**
 * @param {{change: (settings: DuplicateSettings) => void}} options
 * @returns {{element: HTMLElement, show: (settings: DuplicateSettings) => void}}
 */
export function createSettingsForm({ change }) {
  const form = element("form", { class: "duplicate-settings", "aria-label": "Which duplicates" });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("change", ({ target }) => {
    // Of no degree there is nothing to see: the last one stays ticked.
    if (target.name === "tier" && !form.querySelector("[name=tier]:checked")) target.checked = true;
    change(settingsOfFields(new FormData(form)));
  });

  return {
    element: form,

    show(settings) {
      // A change comes from the form itself while somebody fills it in: building it anew would take the focus away.
      if (!form.contains(document.activeElement)) fill(form, ...fieldsOf(settings));
    },
  };
}

function settingsOfFields(fields) {
  const pattern = fields.get("pattern").trim();
  const parts = [pattern === "" ? "" : patternMark + pattern, fields.get("keep")];
  return {
    tiers: fields.getAll("tier"),
    keep: parts.filter((part) => part !== "").join(","),
    under: fields.get("under").trim(),
    offset: 0,
  };
}

function fieldsOf({ tiers: named, keep, under }) {
  const parts = keep.split(",");
  const pattern = parts.find((part) => part.startsWith(patternMark))?.slice(patternMark.length) ?? "";
  const rule = parts.find((part) => rules.some(([name]) => name === part)) ?? "";
  const text = (name, value, placeholder) =>
    element("input", { name, value, placeholder, autocomplete: "off", spellcheck: "false" });
  const tierBoxes = Object.keys(tiers).map((tier) =>
    check(tier, element("input", { type: "checkbox", name: "tier", value: tier, checked: named.includes(tier) })));
  return [
    element("fieldset", { class: "tier-choice" }, element("legend", {}, "How much the same"), ...tierBoxes),
    field("Keep", choice("keep", rule, rules)),
    field("Before that, by path", text("pattern", pattern, "**/originals/**")),
    field("Only in the folder", text("under", under, "all")),
  ];
}
